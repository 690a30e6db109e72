// why n

// One name in two functions: a chain for each that is in the heap.
package main

var sink any

func boxed(n int) { sink = n }

func pointed() *int {
	n := 2
	return &n
}

func local() int {
	n := 3
	return n
}

func main() {
	boxed(1)
	println(*pointed(), local())
}
