// escapecheck

// Fields of embedded structs and pointers.
package main

type inner struct{ p *int }

type outer struct {
	inner
	*node
}

type node struct{ q *int }

func main() {
	a, b := 1, 2
	o := outer{inner{&a}, &node{&b}}
	println(*o.p, *o.q)
}
