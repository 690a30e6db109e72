// Package list has a doubly linked list.
package list

// An Element is a member of a list.
type Element struct {
	// Value is what the element stands for.
	Value any

	next, previous *Element
	list           *List // nil once removed
}

// Next returns the element after e, nil at the end.
func (e *Element) Next() *Element {
	if e.list == nil || e.next == &e.list.root {
		return nil
	}
	return e.next
}

// Prev returns the element before e, nil at the front.
func (e *Element) Prev() *Element {
	if e.list == nil || e.previous == &e.list.root {
		return nil
	}
	return e.previous
}

// A List is a doubly linked list. The zero value is an empty list.
type List struct {
	// root closes the ring: root.next is the front, root.previous the back.
	// Its links are nil until the list is first used.
	root   Element
	length int
}

// New returns an empty list.
func New() *List { return new(List).Init() }

// Init makes l empty.
func (l *List) Init() *List {
	l.root.next = &l.root
	l.root.previous = &l.root
	l.length = 0
	return l
}

// Len returns the number of elements.
func (l *List) Len() int { return l.length }

// Front returns the first element, nil if l is empty.
func (l *List) Front() *Element {
	if l.length == 0 {
		return nil
	}
	return l.root.next
}

// Back returns the last element, nil if l is empty.
func (l *List) Back() *Element {
	if l.length == 0 {
		return nil
	}
	return l.root.previous
}

func (l *List) initialiseZeroValue() {
	if l.root.next == nil {
		l.Init()
	}
}

// link puts e behind at.
func (l *List) link(e, at *Element) *Element {
	e.previous = at
	e.next = at.next
	at.next.previous = e
	at.next = e
	e.list = l
	l.length++
	return e
}

// unlink takes e out and clears its links, so that it keeps nothing alive.
func (l *List) unlink(e *Element) {
	e.previous.next = e.next
	e.next.previous = e.previous
	e.next = nil
	e.previous = nil
	e.list = nil
	l.length--
}

// Remove takes e out of l if it is in l, and returns its value.
func (l *List) Remove(e *Element) any {
	if e.list == l {
		l.unlink(e)
	}
	return e.Value
}

// PushFront inserts v at the front and returns its element.
func (l *List) PushFront(v any) *Element {
	l.initialiseZeroValue()
	return l.link(&Element{Value: v}, &l.root)
}

// PushBack inserts v at the back and returns its element.
func (l *List) PushBack(v any) *Element {
	l.initialiseZeroValue()
	return l.link(&Element{Value: v}, l.root.previous)
}

// InsertBefore inserts v before mark and returns its element, nil if mark is
// not in l.
func (l *List) InsertBefore(v any, mark *Element) *Element {
	if mark.list != l {
		return nil
	}
	return l.link(&Element{Value: v}, mark.previous)
}

// InsertAfter inserts v after mark and returns its element, nil if mark is not
// in l.
func (l *List) InsertAfter(v any, mark *Element) *Element {
	if mark.list != l {
		return nil
	}
	return l.link(&Element{Value: v}, mark)
}

// move puts e, which is in l, behind at.
func (l *List) move(e, at *Element) {
	if e == at || e.previous == at {
		return
	}
	l.unlink(e)
	l.link(e, at)
}

// MoveToFront moves e to the front if it is in l.
func (l *List) MoveToFront(e *Element) {
	if e.list == l {
		l.move(e, &l.root)
	}
}

// MoveToBack moves e to the back if it is in l.
func (l *List) MoveToBack(e *Element) {
	if e.list == l {
		l.move(e, l.root.previous)
	}
}

// MoveBefore moves e before mark if both are in l and differ.
func (l *List) MoveBefore(e, mark *Element) {
	if e.list == l && mark.list == l && e != mark {
		l.move(e, mark.previous)
	}
}

// MoveAfter moves e behind mark if both are in l and differ.
func (l *List) MoveAfter(e, mark *Element) {
	if e.list == l && mark.list == l && e != mark {
		l.move(e, mark)
	}
}

// PushBackList appends the values of other, which may be l itself.
func (l *List) PushBackList(other *List) {
	l.initialiseZeroValue()
	e := other.Front()
	for n := other.length; n > 0; n-- {
		l.PushBack(e.Value)
		e = e.Next()
	}
}

// PushFrontList puts the values of other, which may be l itself, at the front.
func (l *List) PushFrontList(other *List) {
	l.initialiseZeroValue()
	e := other.Back()
	for n := other.length; n > 0; n-- {
		l.PushFront(e.Value)
		e = e.Prev()
	}
}
