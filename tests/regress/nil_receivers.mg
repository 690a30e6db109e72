// run

package main

import "fmt"

// A method of T called through a nil *T has words of its own, whatever way leads to it; a promoted one has not.

type T int

func (t T) F() {}

type Inner struct{ n int }

func (i Inner) G() int { return i.n }

type Outer struct{ *Inner }

type F interface{ F() }

type G interface{ G() int }

// Package variables, which gc cannot see through.
var (
	f F
	g G
)

func try(what string, f func()) {
	defer func() { fmt.Println(what, recover()) }()
	f()
}

func main() {
	var t *T
	var outer *Outer
	var inner *Inner
	try("interface:", func() { f = t; f.F() })
	try("expression:", func() { (*T).F(t) })
	try("direct:", func() { t.F() })
	try("promoted:", func() { g = Outer{}; g.G() })
	try("through nil:", func() { g = outer; g.G() })
	try("of struct:", func() { g = inner; g.G() })
	one := T(1)
	try("fine:", func() { f = &one; f.F() })
}
