// escapecheck

// The address of a field keeps the whole struct.
package main

type pair struct{ a, b int }

func second(p *pair) *int { return &p.b }

func leak() *int {
	var p pair
	return &p.b
}

func main() {
	p := pair{1, 2}
	*second(&p) = 3
	println(p.b, *leak())
}
