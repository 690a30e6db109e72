package slices

import (
	"cmp"
	"sort"
)

// collection is a slice with an order, for package sort.
type collection[E any] struct {
	elements []E
	compare  func(a, b E) int
}

func (c collection[E]) Len() int { return len(c.elements) }

func (c collection[E]) Less(i, j int) bool { return c.compare(c.elements[i], c.elements[j]) < 0 }

func (c collection[E]) Swap(i, j int) {
	c.elements[i], c.elements[j] = c.elements[j], c.elements[i]
}

// Sort sorts x in ascending order, NaN first.
func Sort[S ~[]E, E cmp.Ordered](x S) { sort.Sort(collection[E]{x, cmp.Compare[E]}) }

// SortFunc sorts x in ascending order of cmp. Equal elements may end up in any order.
func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int) { sort.Sort(collection[E]{x, cmp}) }

// SortStableFunc sorts x in ascending order of cmp, and leaves equal elements in their order.
func SortStableFunc[S ~[]E, E any](x S, cmp func(a, b E) int) { sort.Stable(collection[E]{x, cmp}) }

// IsSorted reports whether x is sorted in ascending order.
func IsSorted[S ~[]E, E cmp.Ordered](x S) bool { return IsSortedFunc(x, cmp.Compare[E]) }

// IsSortedFunc reports whether x is sorted in ascending order of cmp.
func IsSortedFunc[S ~[]E, E any](x S, cmp func(a, b E) int) bool {
	for i := len(x) - 1; i > 0; i-- {
		if cmp(x[i], x[i-1]) < 0 {
			return false
		}
	}
	return true
}
