// escapecheck

// A closure given to a function that only calls it, and to one that keeps it.
package main

var saved func()

func call(f func()) { f() }

func keep(f func()) { saved = f }

func main() {
	n := 0
	call(func() { n++ })
	m := 0
	keep(func() { m++ })
	println(n, m)
}
