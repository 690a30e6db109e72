// run

// Slices that begin as nil may begin in the frame; two that are alive at the same time are never in one place.

package main

import (
	"fmt"
	"runtime"
)

var total int

func use(all ...[]int) {
	for _, one := range all {
		for i, x := range one {
			total = (total*31 + x + i) & 0xffffff
		}
	}
}

// mallocs counts what f allocates in 1,000 rounds.
func mallocs(f func(i int)) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		f(i)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 1000
}

func stack(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
		if i%3 == 2 {
			s = s[:len(s)-1]
		}
	}
	use(s)
}

// Each round appends to the same nil slice: the results are not one.
func fromOneNil(n int) {
	var none, last, kept []int
	for i := range n {
		now := append(none, i, i+1)
		use(now, last)
		if i == 2 {
			kept = now
		}
		last = now
	}
	use(kept, last)
}

func swapped(n int) {
	var a, b []int
	for i := range n {
		a, b = b, append(a, i)
		use(a, b)
	}
}

func givenUp(n int) {
	var s, before []int
	for i := range n {
		if i%3 == 0 {
			before = s
			s = nil
		}
		s = append(s, i)
		use(before, s)
	}
}

func twoPlaces(n int) {
	var a, b []int
	for i := range n {
		if i%2 == 0 {
			a = append(a, i)
		} else {
			b = append(b, -i)
		}
		if i == 5 {
			a, b = b, a
		}
		use(a, b)
	}
}

func perRound(n int) {
	var kept [][]int
	for i := range n {
		var s []int
		for j := range i {
			s = append(s, j)
		}
		if i%2 == 1 {
			kept = append(kept, s)
		}
		use(s)
	}
	use(kept...)
}

func copied(n int) {
	var s, t []int
	for i := range n {
		if i%4 == 0 {
			t = s
		}
		s = append(s, i)
		t = append(t, 100+i)
		use(s, t)
	}
}

func emptied(n int) {
	var s []int
	var tails [][]int
	for i := range n {
		s = append(s, i)
		tails = append(tails, s[len(s):], s[:1:1])
		if len(s) == 4 {
			old := s
			s = s[4:]
			s = append(s, 7)
			use(old)
		}
	}
	use(tails...)
	use(s)
}

// The slice is nil for some rounds, in each of which others begin with it.
func begunWith(n int) {
	var s, last []int
	for i := range n {
		for j := range 3 {
			now := append(s, i, j)
			use(now, last)
			last = now
		}
		if i == 2 {
			s = append(s, i)
		}
		use(s, last)
	}
}

func begunTwice(n int) {
	var s, other []int
	for i := range n {
		other = append(s, -i)
		if i > 1 {
			s = append(s, i)
		}
		use(s, other)
	}
}

func returned(n int) (s []int) {
	for i := range n {
		s = append(s, i)
	}
	return s
}

func closed(n int) {
	var s []int
	add := func(x int) { s = append(s, x) }
	for i := range n {
		add(i)
		use(s)
	}
}

func jumps(n int) {
	var s, old []int
	i := 0
again:
	s = append(s, i)
	use(s, old)
	if i++; i%3 == 0 {
		old, s = s, nil
	}
	if i < n {
		goto again
	}
}

type item struct {
	name string
	at   *int
}

func items(n int) {
	var all []item
	for i := range n {
		v := i
		all = append(all, item{fmt.Sprint(i), &v})
	}
	runtime.GC()
	for _, one := range all {
		total += *one.at + len(one.name)
	}
}

func text(n int) string {
	var b []byte
	for i := range n {
		b = append(b, byte('a'+i%26))
		b = append(b, "--"...)
	}
	return string(b)
}

func walk(depth int) int {
	var path []int
	for i := range 3 {
		path = append(path, depth*i)
		if depth > 0 {
			path[i] += walk(depth - 1)
		}
	}
	use(path)
	return path[len(path)-1]
}

func main() {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 8, 9, 40} {
		stack(n)
		fromOneNil(n)
		swapped(n)
		givenUp(n)
		twoPlaces(n)
		perRound(n)
		copied(n)
		emptied(n)
		begunWith(n)
		begunTwice(n)
		use(returned(n))
		closed(n)
		jumps(n)
		items(n)
		fmt.Println(n, text(n), walk(n%5), total)
	}
	fmt.Println(mallocs(func(i int) { stack(4) }))
	fmt.Println(mallocs(func(i int) {
		var s []int
		s = append(s, i)
		s = append(s, i+1)
		use(s)
	}))
}
