// escapecheck

// Nodes that point at each other.
package main

type vertex struct {
	id    int
	edges []*vertex
}

func connect(a, b *vertex) {
	a.edges = append(a.edges, b)
	b.edges = append(b.edges, a)
}

func main() {
	a, b := &vertex{id: 1}, &vertex{id: 2}
	connect(a, b)
	println(len(a.edges), a.edges[0].id)
}
