// escapecheck

// Stores through pointers go to the heap.
package main

func set(pp **int, p *int) { *pp = p }

func main() {
	n := 1
	var p *int
	set(&p, &n)
	q := &p
	**q = 2
	println(n)
}
