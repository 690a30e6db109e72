// escapecheck

// A list whose nodes are reached from a local.
package main

type node struct {
	value int
	next  *node
}

type list struct{ head *node }

func (l *list) push(v int) { l.head = &node{v, l.head} }

func (l *list) sum() (n int) {
	for at := l.head; at != nil; at = at.next {
		n += at.value
	}
	return
}

func main() {
	var l list
	l.push(1)
	l.push(2)
	println(l.sum())
}
