package sort

import "math/bits"

// IntSlice sorts a slice of int in ascending order.
type IntSlice []int

func (x IntSlice) Len() int           { return len(x) }
func (x IntSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x IntSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }

// Sort sorts x.
func (x IntSlice) Sort() { Ints(x) }

// Search returns where v is or belongs in the sorted slice x.
func (x IntSlice) Search(v int) int { return SearchInts(x, v) }

// Float64Slice sorts a slice of float64 in ascending order, NaNs first.
type Float64Slice []float64

func (x Float64Slice) Len() int { return len(x) }

// Less orders NaNs before all other values.
func (x Float64Slice) Less(i, j int) bool {
	return x[i] < x[j] || x[i] != x[i] && x[j] == x[j]
}
func (x Float64Slice) Swap(i, j int) { x[i], x[j] = x[j], x[i] }

// Sort sorts x.
func (x Float64Slice) Sort() { Sort(x) }

// Search returns where v is or belongs in the sorted slice x.
func (x Float64Slice) Search(v float64) int { return SearchFloat64s(x, v) }

// StringSlice sorts a slice of string in ascending order.
type StringSlice []string

func (x StringSlice) Len() int           { return len(x) }
func (x StringSlice) Less(i, j int) bool { return x[i] < x[j] }
func (x StringSlice) Swap(i, j int)      { x[i], x[j] = x[j], x[i] }

// Sort sorts x.
func (x StringSlice) Sort() { Strings(x) }

// Search returns where v is or belongs in the sorted slice x.
func (x StringSlice) Search(v string) int { return SearchStrings(x, v) }

// Ints sorts x in ascending order.
func Ints(x []int) { sortInts(x, 2*bits.Len(uint(len(x)))) }

// Float64s sorts x in ascending order, NaNs first.
func Float64s(x []float64) { Sort(Float64Slice(x)) }

// Strings sorts x in ascending order.
func Strings(x []string) { sortStrings(x, 2*bits.Len(uint(len(x)))) }

// IntsAreSorted reports whether x is in ascending order.
func IntsAreSorted(x []int) bool { return IsSorted(IntSlice(x)) }

// Float64sAreSorted reports whether x is in ascending order, NaNs first.
func Float64sAreSorted(x []float64) bool { return IsSorted(Float64Slice(x)) }

// StringsAreSorted reports whether x is in ascending order.
func StringsAreSorted(x []string) bool { return IsSorted(StringSlice(x)) }

// sortInts sorts without calls through an interface. Equal ints cannot be told
// apart, so any algorithm gives the same result: this is quicksort with the
// median of three, insertion for small sections and heap sort once depthLeft
// levels are used up (D. Musser, "Introspective Sorting and Selection
// Algorithms", 1997).
func sortInts(x []int, depthLeft int) {
	for len(x) > 16 {
		if depthLeft == 0 {
			heapSort(IntSlice(x), 0, len(x))
			return
		}
		depthLeft--
		a, b, c := x[0], x[len(x)/2], x[len(x)-1]
		if b < a {
			a, b = b, a
		}
		if c < b {
			b = c
			if b < a {
				b = a
			}
		}
		i, j := 0, len(x)-1
		for i <= j {
			for x[i] < b {
				i++
			}
			for b < x[j] {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		if j+1 < len(x)-i {
			sortInts(x[:j+1], depthLeft)
			x = x[i:]
		} else {
			sortInts(x[i:], depthLeft)
			x = x[:j+1]
		}
	}
	for next := 1; next < len(x); next++ {
		v := x[next]
		i := next
		for i > 0 && v < x[i-1] {
			x[i] = x[i-1]
			i--
		}
		x[i] = v
	}
}

// sortStrings is sortInts for strings.
func sortStrings(x []string, depthLeft int) {
	for len(x) > 12 {
		if depthLeft == 0 {
			heapSort(StringSlice(x), 0, len(x))
			return
		}
		depthLeft--
		a, b, c := x[0], x[len(x)/2], x[len(x)-1]
		if b < a {
			a, b = b, a
		}
		if c < b {
			b = c
			if b < a {
				b = a
			}
		}
		i, j := 0, len(x)-1
		for i <= j {
			for x[i] < b {
				i++
			}
			for b < x[j] {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		if j+1 < len(x)-i {
			sortStrings(x[:j+1], depthLeft)
			x = x[i:]
		} else {
			sortStrings(x[i:], depthLeft)
			x = x[:j+1]
		}
	}
	for next := 1; next < len(x); next++ {
		v := x[next]
		i := next
		for i > 0 && v < x[i-1] {
			x[i] = x[i-1]
			i--
		}
		x[i] = v
	}
}
