// escapecheck

// A closure that is only called here needs no heap.
package main

func main() {
	total := 0
	add := func(n int) { total += n }
	add(1)
	add(2)
	println(total)
}
