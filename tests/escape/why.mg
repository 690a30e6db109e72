// why p

package main

type node struct {
	next *node
	v    int
}

var kept *node

func keep(n *node) { kept = n }

func same(n *node) *node { return n }

func stored() {
	p := node{v: 1}
	q := same(&p)
	keep(q)
}

func returned() *node {
	p := node{v: 2}
	q := &p
	return q
}

func looped() (s int) {
	var last *node
	for i := 0; i < 3; i++ {
		p := node{v: i}
		last = &p
	}
	return last.v
}

func through() *node {
	outer := &node{}
	p := node{v: 4}
	outer.next = &p
	return outer
}

func inside() int {
	p := node{v: 3}
	return same(&p).v
}

func main() {
	stored()
	println(returned().v, looped(), inside(), through().next.v)
}
