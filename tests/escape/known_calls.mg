// escapecheck

// Closures whose calls are all known, assignments within one variable's memory, what literals
// capture, bytes of strings that nothing writes, and calls of natives.
package main

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

type buffer struct {
	bytes []byte
	first *int
	rest  *int
	pairs [2]*int
}

func (b *buffer) skip(n int) {
	b.bytes = b.bytes[n:]
}

func (b *buffer) exchange() {
	b.first, b.rest = b.rest, b.first
	b.pairs[0] = b.pairs[1]
	b.first = b.pairs[0]
}

func (b *buffer) size() int { return len(b.bytes) }

func calledAtOnce() int {
	x := 1
	p := func(q *int) *int { return q }(&x)
	return *p
}

func calledByName(flag bool) int {
	x, y := 1, 2
	pick := func() *int { return &x }
	if flag {
		pick = func() *int { return &y }
	}
	return *pick()
}

func calledByStrangers(f func(func() *int)) {
	x := 1
	f(func() *int { return &x })
}

func recursive(n int) int {
	var fib func(*int) int
	fib = func(n *int) int {
		if *n < 2 {
			return *n
		}
		a, b := *n-1, *n-2
		return fib(&a) + fib(&b)
	}
	return fib(&n)
}

var handlers []func() int

func captures(n int) {
	n++
	handlers = append(handlers, func() int { return n })
	for i := 0; i < n; i++ {
		handlers = append(handlers, func() int { return i })
	}
	late := 0
	handlers = append(handlers, func() int { return late })
	late++
}

func sum(bytes []byte) int {
	total := 0
	for _, b := range bytes {
		total += int(b)
	}
	return total
}

func clearFirst(bytes []byte) {
	bytes[0] = 0
}

func bytesOf(s string) int {
	kept := []byte(s)
	clearFirst(kept)
	return sum([]byte(s)) + sum(kept)
}

var log string

func concatenated(s string, n *buffer) string {
	log += "[" + s + "]"
	words := map[string]*int{}
	if words[s] != nil {
		panic("found " + s)
	}
	switch {
	case s == "":
		return "empty"
	default:
		for {
			if n.size() > 3 {
				break
			}
			n.skip(-1)
		}
	}
	return fmt.Sprint(n.size())
}

func natives(path string) int64 {
	var count int64
	atomic.AddInt64(&count, int64(strings.Index(path, "/")))
	if _, err := os.ReadFile(path); err != nil {
		atomic.AddInt64(&count, 1)
	}
	return atomic.LoadInt64(&count)
}

func main() {
	b := &buffer{bytes: []byte("abcdef")}
	b.skip(1)
	b.exchange()
	captures(3)
	calledByStrangers(func(f func() *int) { *f() = 2 })
	fmt.Println(calledAtOnce(), calledByName(true), recursive(10), bytesOf("abc"))
	fmt.Println(concatenated("x", b), natives("/nowhere"), handlers[1]())
}
