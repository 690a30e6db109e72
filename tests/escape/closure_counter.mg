// escapecheck

// A closure that outlives its function keeps its variable in the heap.
package main

func counter() func() int {
	n := 0
	return func() int { n++; return n }
}

func main() { println(counter()()) }
