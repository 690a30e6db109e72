// escapecheck

// How far each parameter leaks.
package main

type node struct {
	value int
	next  *node
}

var kept *node

func reads(n *node) int { return n.value }

func keeps(n *node) { kept = n }

func keepsContent(n *node) { kept = n.next }

func returns(n *node) *node { return n }

func returnsContent(n *node) *node { return n.next }

func either(a, b *node) *node {
	if a.value > b.value {
		return a
	}
	return b.next
}

func named(n *node) (first, second *node) {
	first = n
	second = n.next
	return
}

func (n *node) method(other *node) *node {
	other.value++
	return n
}

func unused(_ *node, n int) int { return n }

func length(s []*node, m map[string]*node, t string) int { return len(s) + len(m) + len(t) }

func main() {
	a, b := &node{value: 1}, &node{value: 2}
	keeps(returns(a))
	keepsContent(b)
	println(reads(either(a, b)), returnsContent(a) == nil, a.method(b) != nil, unused(a, 1))
	first, _ := named(b)
	println(first.value, length(nil, nil, ""))
}
