// escapecheck

// Nodes that are all in one frame.
package main

type node struct {
	value int
	next  *node
}

func length(n *node) (count int) {
	for ; n != nil; n = n.next {
		count++
	}
	return
}

func main() {
	c := node{3, nil}
	b := node{2, &c}
	a := node{1, &b}
	println(length(&a))
}
