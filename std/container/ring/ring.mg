// Package ring has a circular list.
package ring

// A Ring is an element of a circular list; any element stands for the whole
// ring. A nil *Ring is the empty ring, the zero value a ring of one element.
type Ring struct {
	// Value is what the element stands for.
	Value any

	next, previous *Ring // nil in a zero value not yet used
}

// initialised returns r with its links set.
func (r *Ring) initialised() *Ring {
	if r.next == nil {
		r.next = r
		r.previous = r
	}
	return r
}

// New returns a ring of n elements, nil if n <= 0.
func New(n int) *Ring {
	if n <= 0 {
		return nil
	}
	first := new(Ring).initialised()
	for ; n > 1; n-- {
		first.previous.Link(new(Ring))
	}
	return first
}

// Next returns the next element.
func (r *Ring) Next() *Ring { return r.initialised().next }

// Prev returns the previous element.
func (r *Ring) Prev() *Ring { return r.initialised().previous }

// Move returns the element n steps ahead, or behind if n is negative.
func (r *Ring) Move(n int) *Ring {
	r.initialised()
	for ; n > 0; n-- {
		r = r.next
	}
	for ; n < 0; n++ {
		r = r.previous
	}
	return r
}

// Link makes s the element after r and returns what was after r. If both are
// of one ring, the elements between them are taken out and form the ring that
// is returned; otherwise s's ring is inserted behind r.
func (r *Ring) Link(s *Ring) *Ring {
	after := r.Next()
	if s != nil {
		last := s.Prev()
		r.next = s
		s.previous = r
		after.previous = last
		last.next = after
	}
	return after
}

// Unlink takes out the n elements behind r and returns them, nil if n <= 0.
func (r *Ring) Unlink(n int) *Ring {
	if n <= 0 {
		return nil
	}
	return r.Link(r.Move(n + 1))
}

// Len returns the number of elements.
func (r *Ring) Len() int {
	if r == nil {
		return 0
	}
	n := 1
	for at := r.Next(); at != r; at = at.next {
		n++
	}
	return n
}

// Do calls f with the value of each element.
func (r *Ring) Do(f func(any)) {
	if r == nil {
		return
	}
	f(r.Value)
	for at := r.Next(); at != r; at = at.next {
		f(at.Value)
	}
}
