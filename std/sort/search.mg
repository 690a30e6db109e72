package sort

// Search returns the smallest index i in [0, n) at which f(i) is true, or n,
// by bisection: f has to be false up to some index and true from there on.
func Search(n int, f func(int) bool) int {
	low, high := 0, n
	for low < high {
		middle := int(uint(low+high) >> 1)
		if f(middle) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// Find returns the smallest index i in [0, n) at which cmp(i) <= 0, or n, and
// whether cmp(i) == 0 there. cmp has to be positive first, then zero, then
// negative.
func Find(n int, cmp func(int) int) (i int, found bool) {
	low, high := 0, n
	for low < high {
		middle := int(uint(low+high) >> 1)
		if cmp(middle) > 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < n && cmp(low) == 0
}

// SearchInts returns where x is or belongs in the sorted slice a.
func SearchInts(a []int, x int) int {
	low, high := 0, len(a)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if a[middle] >= x {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// SearchFloat64s returns where x is or belongs in the sorted slice a.
func SearchFloat64s(a []float64, x float64) int {
	low, high := 0, len(a)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if a[middle] >= x {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// SearchStrings returns where x is or belongs in the sorted slice a.
func SearchStrings(a []string, x string) int {
	low, high := 0, len(a)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if a[middle] >= x {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
