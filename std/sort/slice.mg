package sort

import "internal/reflectlite"

// anySlice sorts a slice of any type: the caller compares, the runtime swaps.
type anySlice struct {
	slice  any
	length int
	less   func(i, j int) bool
}

func (s *anySlice) Len() int           { return s.length }
func (s *anySlice) Less(i, j int) bool { return s.less(i, j) }
func (s *anySlice) Swap(i, j int)      { reflectlite.Swap(s.slice, i, j) }

// Slice sorts the slice x by less, which gets two indexes into x. Equal
// elements may end up in any order. It panics if x is not a slice.
func Slice(x any, less func(i, j int) bool) {
	Sort(&anySlice{x, sliceLength(x), less})
}

// SliceStable sorts the slice x by less and keeps equal elements in their
// order. It panics if x is not a slice.
func SliceStable(x any, less func(i, j int) bool) {
	Stable(&anySlice{x, sliceLength(x), less})
}

// SliceIsSorted reports whether the slice x is sorted by less. It panics if x
// is not a slice.
func SliceIsSorted(x any, less func(i, j int) bool) bool {
	for i := sliceLength(x) - 1; i > 0; i-- {
		if less(i, i-1) {
			return false
		}
	}
	return true
}

// sliceLength returns the length of the slice x and panics if x is none.
func sliceLength(x any) int {
	if x == nil {
		panic("reflect: call of Swapper on zero Value")
	}
	if reflectlite.Kind(x) == reflectlite.KindSlice {
		return reflectlite.Len(x)
	}
	panic("reflect: call of Swapper on " + reflectlite.TypeString(x) + " Value")
}
