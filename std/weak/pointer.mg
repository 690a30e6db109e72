// Package weak has pointers that do not keep alive what they point to.
package weak

import "internal/unsafe"

// Pointer is a weak pointer to a T. Two are equal if they were made from equal pointers, also when what these pointed to is gone.
// The zero Pointer is one that was made from nil.
type Pointer[T any] struct {
	_ [0]*T // so that no two instances convert into each other
	u unsafe.Pointer
}

// Make makes a weak pointer from ptr.
func Make[T any](ptr *T) Pointer[T] {
	return Pointer[T]{u: handleOf(ptr)}
}

// Value returns the pointer from which p was made, or nil if the collector has found that nothing else holds what it points to.
func (p Pointer[T]) Value() *T {
	return valueOf[T](p.u)
}

func handleOf[T any](ptr *T) unsafe.Pointer

func valueOf[T any](handle unsafe.Pointer) *T
