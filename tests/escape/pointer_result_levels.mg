// escapecheck

// How deep a parameter leaks.
package main

type node struct{ next *node }

func same(n *node) *node { return n }

func next(n *node) *node { return n.next }

func value(n *node) node { return *n }

func field(n *node) **node { return &n.next }

func main() {
	var a, b node
	a.next = &b
	println(same(&a) == next(&a), value(&a).next == *field(&a))
}
