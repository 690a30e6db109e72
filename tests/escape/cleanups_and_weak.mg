// escapecheck
package main

// What cleanups and weak pointers are given, and instances of generic types as values.

import (
	"runtime"
	"weak"
)

type T struct{ a, b int }

type S struct{ w weak.Pointer[T] }

var sink any

func add(t *T, s string, p *int) {
	runtime.AddCleanup(t, func(x int) { println(x) }, 1)
	runtime.AddCleanup(new(T), func(x string) { println(x) }, s)
	n := 5
	runtime.AddCleanup(new(T), func(x *int) { println(*x) }, p)
	runtime.AddCleanup(new(T), func(x *int) { println(*x) }, &n)
	m := 6
	c := runtime.AddCleanup[T](&T{}, func(x int) { println(m) }, 2)
	c.Stop()
}

func pass(f func(int), t *T) runtime.Cleanup {
	return runtime.AddCleanup(t, f, 3)
}

func make1(t *T) weak.Pointer[T] { return weak.Make(t) }

func make2() *T {
	t := T{1, 2}
	w := weak.Make(&t)
	return w.Value()
}

func value(w weak.Pointer[T]) int { return w.Value().a }

func values(s []weak.Pointer[T]) (n int) {
	for _, w := range s {
		if p := w.Value(); p != nil {
			n += p.a
		}
	}
	return n
}

func box(w weak.Pointer[T]) { sink = w }

func literal() *S {
	x := &weak.Pointer[T]{}
	y := &S{w: *x}
	z := []weak.Pointer[T]{*x}
	_ = z
	return y
}

func method(t *T) func() *T {
	w := weak.Make(t)
	return w.Value
}

func function() func(*T) weak.Pointer[T] {
	f := weak.Make[T]
	return f
}

func main() {}
