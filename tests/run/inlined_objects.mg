// run

// What small functions return is the caller's: objects that die there need no heap, those that go round a loop do.

package main

import (
	"fmt"
	"runtime"
)

type point struct{ x, y int }

func newPoint(x, y int) *point { return &point{x, y} }

func (p *point) plus(q *point) *point { return newPoint(p.x+q.x, p.y+q.y) }

func squares(n int) []int {
	all := make([]int, 8)
	for i := range all {
		all[i] = (n + i) * (n + i)
	}
	return all
}

func sum(all []int) int {
	sum := 0
	for _, one := range all {
		sum += one
	}
	return sum
}

// first returns the first of its arguments that is not nil.
func first(a, b *point) *point {
	if a != nil {
		return a
	}
	return b
}

// mallocs counts what f allocates.
func mallocs(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

var kept *point

func main() {
	const rounds = 10000
	total := 0
	count := mallocs(func() {
		for i := range rounds {
			total += newPoint(i, 1).plus(newPoint(1, i)).x
			total += sum(squares(i)) & 7
		}
	})
	fmt.Println(total, count < rounds/10)

	// The last round's object is there while the next one is made.
	var last *point
	for i := range 4 {
		p := newPoint(i, i)
		if last != nil {
			fmt.Print(last.x, p.x, last == p, " ")
		}
		last = p
	}
	fmt.Println(*last)

	// Two calls of a closure return two objects, and neither is gone.
	make := func(x int) *point { return &point{x, -x} }
	a, b := make(1), make(2)
	a.x = 10
	fmt.Println(*a, *b, a == b)

	// One loop inside another: what the inner one picks lives on in the outer.
	var best *point
	for i := range 3 {
		var chosen *point
		for j := range 3 {
			p := newPoint(i, j)
			if j == 1 {
				chosen = p
			}
		}
		best = first(best, chosen)
		if i == 2 {
			kept = chosen
		}
	}
	fmt.Println(*best, *kept)

	// A list through the loop.
	type node struct {
		next  *node
		value int
	}
	push := func(head *node, value int) *node { return &node{head, value} }
	var head *node
	for i := range 5 {
		head = push(head, i)
	}
	for n := head; n != nil; n = n.next {
		fmt.Print(n.value, " ")
	}
	fmt.Println()
}
