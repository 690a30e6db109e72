// Package heap keeps a collection as a binary heap: its minimum is element 0
// (J. Williams, "Algorithm 232: Heapsort", 1964).
package heap

import "sort"

// An Interface is a collection that can be kept as a heap. Programs call the
// functions Push and Pop of this package, which call the methods.
type Interface interface {
	sort.Interface
	Push(x any) // adds x as element Len()
	Pop() any   // removes and returns element Len() - 1
}

// Init makes a heap of h. It takes O(n) steps.
func Init(h Interface) {
	n := h.Len()
	for i := n/2 - 1; i >= 0; i-- {
		siftDown(h, i, n)
	}
}

// Push adds x to the heap.
func Push(h Interface, x any) {
	h.Push(x)
	siftUp(h, h.Len()-1)
}

// Pop removes and returns the minimum.
func Pop(h Interface) any {
	last := h.Len() - 1
	h.Swap(0, last)
	siftDown(h, 0, last)
	return h.Pop()
}

// Remove removes and returns element i.
func Remove(h Interface, i int) any {
	last := h.Len() - 1
	if i != last {
		h.Swap(i, last)
		if !siftDown(h, i, last) {
			siftUp(h, i)
		}
	}
	return h.Pop()
}

// Fix puts element i, whose value has changed, in its place.
func Fix(h Interface, i int) {
	if !siftDown(h, i, h.Len()) {
		siftUp(h, i)
	}
}

func siftUp(h Interface, child int) {
	for child > 0 {
		parent := (child - 1) / 2
		if !h.Less(child, parent) {
			return
		}
		h.Swap(parent, child)
		child = parent
	}
}

// siftDown moves element i down in the heap of the first n elements and
// reports whether it moved.
func siftDown(h Interface, i, n int) bool {
	parent := i
	for {
		child := 2*parent + 1
		if child >= n || child < 0 { // negative after overflow
			break
		}
		if right := child + 1; right < n && h.Less(right, child) {
			child = right
		}
		if !h.Less(child, parent) {
			break
		}
		h.Swap(parent, child)
		parent = child
	}
	return parent > i
}
