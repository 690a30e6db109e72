// escapecheck

// A stack that hands out what it was given.
package main

type stack struct{ items []*int }

func (s *stack) push(p *int) { s.items = append(s.items, p) }

func (s *stack) pop() *int {
	last := len(s.items) - 1
	p := s.items[last]
	s.items = s.items[:last]
	return p
}

func main() {
	var s stack
	n := 1
	s.push(&n)
	println(*s.pop())
}
