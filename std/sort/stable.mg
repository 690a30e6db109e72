package sort

// stableBlock is the size of the sections that are sorted by insertion before
// merging starts.
const stableBlock = 20

// Stable sorts data in ascending order of Less and keeps equal elements in
// their order. It needs no extra memory: sorted sections are merged in place
// (P.-S. Kim and A. Kutzner, "Stable Minimum Storage Merging by Symmetric
// Comparisons", ESA 2004), with O(n log n) comparisons and O(n log² n) swaps.
func Stable(data Interface) {
	n := data.Len()
	for low := 0; low < n; low += stableBlock {
		insertionSort(data, low, least(low+stableBlock, n))
	}
	for size := stableBlock; size < n; size *= 2 {
		for low := 0; low+size < n; low += 2 * size {
			symmetricMerge(data, low, low+size, least(low+2*size, n))
		}
	}
}

func least(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// symmetricMerge merges the sorted sections data[low:middle] and
// data[middle:high], neither of them empty.
func symmetricMerge(data Interface, low, middle, high int) {
	if middle-low == 1 {
		// One element to insert: it goes before the first not less than it.
		from, to := middle, high
		for from < to {
			probe := int(uint(from+to) >> 1)
			if data.Less(probe, low) {
				from = probe + 1
			} else {
				to = probe
			}
		}
		for i := low; i < from-1; i++ {
			data.Swap(i, i+1)
		}
		return
	}
	if high-middle == 1 {
		// It goes after the last not greater than it.
		from, to := low, middle
		for from < to {
			probe := int(uint(from+to) >> 1)
			if data.Less(middle, probe) {
				to = probe
			} else {
				from = probe + 1
			}
		}
		for i := middle; i > from; i-- {
			data.Swap(i, i-1)
		}
		return
	}
	// Find the cut in the left section, mirrored at the centre of both into one
	// of the right, such that exchanging what lies between merges the halves.
	centre := int(uint(low+high) >> 1)
	mirror := centre + middle
	from, to := low, middle
	if middle > centre {
		from, to = mirror-high, centre
	}
	for from < to {
		probe := int(uint(from+to) >> 1)
		if data.Less(mirror-1-probe, probe) {
			to = probe
		} else {
			from = probe + 1
		}
	}
	end := mirror - from
	if from < middle && middle < end {
		rotate(data, from, middle, end)
	}
	if low < from && from < centre {
		symmetricMerge(data, low, from, centre)
	}
	if centre < end && end < high {
		symmetricMerge(data, centre, end, high)
	}
}

// rotate exchanges the neighbouring sections data[low:middle] and
// data[middle:high] by block swaps.
func rotate(data Interface, low, middle, high int) {
	left, right := middle-low, high-middle
	for left != right {
		if left > right {
			swapSections(data, middle-left, middle, right)
			left -= right
		} else {
			swapSections(data, middle-left, middle+right-left, left)
			right -= left
		}
	}
	swapSections(data, middle-left, middle, left)
}

func swapSections(data Interface, a, b, size int) {
	for i := 0; i < size; i++ {
		data.Swap(a+i, b+i)
	}
}
