// run

package main

import "fmt"

type T struct {
	p    *int
	next *T
}

var G *int

func (t *T) keep()        { G = t.p; helper(t) }
func (t *T) get() *int    { return t.p }
func (t T) copyGet() *int { return t.p }
func (t *T) link(u *T)    { t.next = u }
func helper(t *T)         { fmt.Println(*t.p) }

type I interface{ get() *int }

func run(f func())             { f() }
func ask(f func() *int) *int   { return f() }
func give(f func(*T), u *T)    { f(u) }

//go:noinline
func one() {
	x := 1
	t := &T{p: &x}
	run(t.keep)
}
func two() *int {
	y := 2
	t := &T{p: &y}
	return ask(t.get)
}
func three() *int {
	y := 3
	t := T{p: &y}
	f := t.copyGet
	return f()
}
func four() *T {
	z := 4
	t := &T{p: &z}
	u := &T{p: &z}
	give(t.link, u)
	return t.next
}
func five() *int {
	w := 5
	var i I = &T{p: &w}
	return ask(i.get)
}

func churn() (sum int) {
	for i := 0; i < 1000; i++ {
		s := make([]int, 100)
		s[3] = i
		sum += s[3]
	}
	return
}

func main() {
	for i := 0; i < 20; i++ {
		one()
		a, b, c, d := two(), three(), four(), five()
		churn()
		fmt.Println(*G, *a, *b, *c.p, *d)
	}
}
