// run
package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

type node struct {
	value int
	next  *node
}

var isDead atomic.Bool

// An argument lives as long as the function it was given to needs it.
//
//go:noinline
func use(n *node, label string) string {
	sum := n.value + n.next.value
	before := isDead.Load()
	for i := 0; i < 1000 && !isDead.Load(); i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	return fmt.Sprint(label, " ", sum, " ", before, " ", isDead.Load())
}

//go:noinline
func fresh() *node {
	n := &node{1, &node{2, nil}}
	runtime.SetFinalizer(n, func(*node) { isDead.Store(true) })
	return n
}

func main() {
	fmt.Println(use(fresh(), "an argument"))
}
