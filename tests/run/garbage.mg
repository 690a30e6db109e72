// run
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next  *node
	data  []int
	label string
	any   any
}

type tree struct{ left, right *tree }

func build(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{build(depth - 1), build(depth - 1)}
}

func (t *tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

func chain(n int) *node {
	var head *node
	for i := range n {
		head = &node{next: head, data: make([]int, i%7, 9), label: fmt.Sprint("n", i), any: i}
		for j := range head.data {
			head.data[j] = i + j
		}
	}
	return head
}

func (n *node) sum() (total int) {
	for ; n != nil; n = n.next {
		for _, v := range n.data {
			total += v
		}
		total += len(n.label) + n.any.(int)
	}
	return
}

func interior() *int {
	big := &struct {
		pad [100]int
		x   int
	}{}
	big.x = 42
	return &big.x
}

func main() {
	kept := chain(300)
	want := kept.sum()
	p := interior()
	m := map[string]*node{}
	ch := make(chan *node, 4)
	ch <- &node{label: "in channel"}
	closure := func() string { return kept.label }
	sub := []*node{kept, kept.next}[1:]
	for round := range 20 {
		if build(8).count() != 511 {
			panic("tree damaged")
		}
		if got := kept.sum(); got != want {
			panic(fmt.Sprint("chain damaged: ", got, want))
		}
		m[fmt.Sprint("key", round)] = chain(5)
		if round%5 == 0 {
			runtime.GC()
		}
	}
	total := 0
	for _, n := range m {
		total += n.sum()
	}
	fmt.Println(total, *p, closure(), sub[0].label, (<-ch).label)
	done := make(chan int)
	for i := range 4 {
		go func() {
			local := chain(50)
			runtime.Gosched()
			done <- local.sum() + i
		}()
	}
	all := 0
	for range 4 {
		all += <-done
	}
	fmt.Println(all)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(stats.NumGC >= 4, stats.Mallocs > 1000, stats.HeapAlloc > 0)
}
