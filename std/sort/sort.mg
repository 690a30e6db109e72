// Package sort sorts slices and user-defined collections.
//
// Sort and Slice are not stable, yet programs come to depend on where equal
// elements end up; the choices below (sizes, pivots, the shuffle after a bad
// partition) are therefore those of Go's sort, so that the same input gives
// the same output. Source of the algorithm: O. Peters, "Pattern-defeating
// Quicksort" (arXiv 2106.05123), without the branch-free partitioning.
package sort

import "math/bits"

// An Interface is a collection that can be sorted through element indexes.
type Interface interface {
	// Len is the number of elements.
	Len() int
	// Less reports whether element i has to come before element j. It has to
	// be a strict weak ordering.
	Less(i, j int) bool
	// Swap exchanges elements i and j.
	Swap(i, j int)
}

// Sort sorts data in ascending order of Less. Equal elements may end up in any
// order.
func Sort(data Interface) {
	n := data.Len()
	if n > 1 {
		patternDefeatingQuicksort(data, 0, n, bits.Len(uint(n)))
	}
}

// IsSorted reports whether data is sorted.
func IsSorted(data Interface) bool {
	for i := data.Len() - 1; i > 0; i-- {
		if data.Less(i, i-1) {
			return false
		}
	}
	return true
}

type reversed struct {
	Interface
}

func (r reversed) Less(i, j int) bool { return r.Interface.Less(j, i) }

// Reverse returns data with the opposite order.
func Reverse(data Interface) Interface { return &reversed{data} }

const (
	insertionSortMax   = 12 // sections up to this size are sorted by insertion
	pivotMedianMin     = 8  // from this size on the pivot is a median of three
	pivotNintherMin    = 50 // from this size on it is a median of three medians
	repairShiftMin     = 50 // shorter sections are not repaired by shifting
	repairStepsMax     = 5  // disordered neighbours repaired before giving up
	pivotMostExchanges = 12 // exchanges of a ninther on descending input
)

// patternDefeatingQuicksort sorts data[low:high]. badPivotsLeft is how many
// unbalanced partitions it may still meet before it turns to heap sort, which
// bounds the time by n log n.
func patternDefeatingQuicksort(data Interface, low, high, badPivotsLeft int) {
	balanced, inPlace := true, true // of the last partition
	for high-low > insertionSortMax {
		size := high - low
		if badPivotsLeft == 0 {
			heapSort(data, low, high)
			return
		}
		if !balanced {
			shuffleMiddle(data, low, high)
			badPivotsLeft--
		}
		pivot, exchanges := choosePivot(data, low, high)
		looksAscending := exchanges == 0
		if exchanges == pivotMostExchanges {
			// All three medians were met in descending order.
			for i, j := low, high-1; i < j; i, j = i+1, j-1 {
				data.Swap(i, j)
			}
			pivot = high - 1 - (pivot - low)
			looksAscending = true
		}
		if balanced && inPlace && looksAscending && repairAlmostSorted(data, low, high) {
			return
		}
		if low > 0 && !data.Less(low-1, pivot) {
			// The element before the section is an earlier pivot and not less
			// than any in it: if it equals the pivot, so do many elements.
			low = partitionEqual(data, low, high, pivot)
			continue
		}
		var middle int
		middle, inPlace = partition(data, low, high, pivot)
		// Recurse into the smaller side: the stack stays logarithmic.
		if left, right := middle-low, high-middle; left < right {
			balanced = left >= size/8
			patternDefeatingQuicksort(data, low, middle, badPivotsLeft)
			low = middle + 1
		} else {
			balanced = right >= size/8
			patternDefeatingQuicksort(data, middle+1, high, badPivotsLeft)
			high = middle
		}
	}
	insertionSort(data, low, high)
}

func insertionSort(data Interface, low, high int) {
	for next := low + 1; next < high; next++ {
		for i := next; i > low && data.Less(i, i-1); i-- {
			data.Swap(i, i-1)
		}
	}
}

// heapSort sorts data[low:high] with the heap rooted at low.
func heapSort(data Interface, low, high int) {
	size := high - low
	for root := (size - 1) / 2; root >= 0; root-- {
		siftDown(data, low, root, size)
	}
	for last := size - 1; last >= 0; last-- {
		data.Swap(low, low+last)
		siftDown(data, low, 0, last)
	}
}

// siftDown moves the element at root down to its place in the heap of size
// elements that starts at data[base].
func siftDown(data Interface, base, root, size int) {
	for {
		child := 2*root + 1
		if child >= size {
			return
		}
		if child+1 < size && data.Less(base+child, base+child+1) {
			child++
		}
		if !data.Less(base+root, base+child) {
			return
		}
		data.Swap(base+root, base+child)
		root = child
	}
}

// partition moves the elements less than the pivot to its left and the others
// to its right, and returns where the pivot ends up and whether no element had
// to move for it.
func partition(data Interface, low, high, pivot int) (middle int, inPlace bool) {
	data.Swap(low, pivot)
	i, j := low+1, high-1
	inPlace = true
	for {
		for i <= j && data.Less(i, low) {
			i++
		}
		for i <= j && !data.Less(j, low) {
			j--
		}
		if i > j {
			data.Swap(j, low)
			return j, inPlace
		}
		data.Swap(i, j)
		inPlace = false
		i++
		j--
	}
}

// partitionEqual moves the elements equal to the pivot, which is the least of
// the section, to its front, and returns the index of the first greater one.
func partitionEqual(data Interface, low, high, pivot int) int {
	data.Swap(low, pivot)
	i, j := low+1, high-1
	for {
		for i <= j && !data.Less(low, i) {
			i++
		}
		for i <= j && data.Less(low, j) {
			j--
		}
		if i > j {
			return i
		}
		data.Swap(i, j)
		i++
		j--
	}
}

// repairAlmostSorted tries to sort a section that has only few elements out of
// place, and reports whether it is sorted now.
func repairAlmostSorted(data Interface, low, high int) bool {
	i := low + 1
	for step := 0; step < repairStepsMax; step++ {
		for i < high && !data.Less(i, i-1) {
			i++
		}
		if i == high {
			return true
		}
		if high-low < repairShiftMin {
			return false
		}
		data.Swap(i, i-1)
		if i-low >= 2 {
			// The bound is the collection's start, not the section's: what is
			// before the section is not greater, so the loop ends in time.
			for k := i - 1; k >= 1 && data.Less(k, k-1); k-- {
				data.Swap(k, k-1)
			}
		}
		if high-i >= 2 {
			for k := i + 1; k < high && data.Less(k, k-1); k++ {
				data.Swap(k, k-1)
			}
		}
	}
	return false
}

// shuffleMiddle exchanges three elements in the middle with elements chosen by
// a xorshift generator seeded with the size, to break the pattern that led to
// an unbalanced partition.
func shuffleMiddle(data Interface, low, high int) {
	size := high - low
	if size < 8 {
		return
	}
	random := uint64(size)
	mask := uint64(1)<<uint(bits.Len(uint(size))) - 1
	first := low + size/4*2 - 1
	for i := first; i < first+3; i++ {
		random ^= random << 13
		random ^= random >> 7
		random ^= random << 17
		other := int(random & mask)
		if other >= size {
			other -= size
		}
		data.Swap(i, low+other)
	}
}

// choosePivot returns the index of a pivot for data[low:high] and how many
// exchanges its medians took, which tells ascending from descending input.
func choosePivot(data Interface, low, high int) (pivot, exchanges int) {
	size := high - low
	quarter := size / 4
	first, second, third := low+quarter, low+2*quarter, low+3*quarter
	if size >= pivotNintherMin {
		first = medianOfThree(data, first-1, first, first+1, &exchanges)
		second = medianOfThree(data, second-1, second, second+1, &exchanges)
		third = medianOfThree(data, third-1, third, third+1, &exchanges)
	}
	if size >= pivotMedianMin {
		second = medianOfThree(data, first, second, third, &exchanges)
	}
	return second, exchanges
}

// medianOfThree returns which of the indexes a, b, c holds the median.
func medianOfThree(data Interface, a, b, c int, exchanges *int) int {
	if data.Less(b, a) {
		*exchanges++
		a, b = b, a
	}
	if data.Less(c, b) {
		*exchanges++
		b = c
	}
	if data.Less(b, a) {
		*exchanges++
		return a
	}
	return b
}
