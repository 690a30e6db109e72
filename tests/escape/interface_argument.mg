// escapecheck

// What is passed as an interface, and what the callee does with it.
package main

var sink any

func look(v any) bool { return v != nil }

func keep(v any) { sink = v }

func main() {
	n := 1000
	println(look(n))
	keep(n)
	m := 2000
	keep(&m)
}
