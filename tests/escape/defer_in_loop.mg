// escapecheck

// What is deferred in a loop is in the heap.
package main

func release(p *int) { *p = 0 }

func main() {
	for i := 0; i < 2; i++ {
		n := i
		defer release(&n)
		defer func() { n++ }()
	}
}
