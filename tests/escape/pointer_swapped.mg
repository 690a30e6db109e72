// escapecheck

// Swapping what pointers point at.
package main

func swap(a, b *int) { *a, *b = *b, *a }

func swapPointers(a, b **int) { *a, *b = *b, *a }

func main() {
	x, y := 1, 2
	p, q := &x, &y
	swap(p, q)
	swapPointers(&p, &q)
	println(x, *p)
}
