package unicode

// The general categories, in the numbering of the tables.
const (
	categoryCn = iota
	categoryLu
	categoryLl
	categoryLt
	categoryLm
	categoryLo
	categoryMn
	categoryMc
	categoryMe
	categoryNd
	categoryNl
	categoryNo
	categoryPc
	categoryPd
	categoryPs
	categoryPe
	categoryPi
	categoryPf
	categoryPo
	categorySm
	categorySc
	categorySk
	categorySo
	categoryZs
	categoryZl
	categoryZp
	categoryCc
	categoryCf
	categoryCs
	categoryCo
	// alternatingCase is not a category: it stands in the table for runs that
	// alternate between Lu and Ll, starting with Lu.
	alternatingCase
)

// A categorySet has a bit for each general category.
type categorySet uint32

const (
	letters     categorySet = 1<<categoryLu | 1<<categoryLl | 1<<categoryLt | 1<<categoryLm | 1<<categoryLo
	marks       categorySet = 1<<categoryMn | 1<<categoryMc | 1<<categoryMe
	numbers     categorySet = 1<<categoryNd | 1<<categoryNl | 1<<categoryNo
	punctuation categorySet = 1<<categoryPc | 1<<categoryPd | 1<<categoryPs | 1<<categoryPe | 1<<categoryPi | 1<<categoryPf | 1<<categoryPo
	symbols     categorySet = 1<<categorySm | 1<<categorySc | 1<<categorySk | 1<<categorySo
	graphic     categorySet = letters | marks | numbers | punctuation | symbols
)

// has reports whether r is of a category in the set.
func (set categorySet) has(r rune) bool { return set>>categoryOf(r)&1 != 0 }

// notAssignable is the category of what is no code point: in no set.
const notAssignable = 31

// categoryOf returns the general category of r.
func categoryOf(r rune) uint {
	if uint32(r) <= MaxLatin1 {
		return uint(latin1Categories[r] - ' ')
	}
	if uint32(r) > MaxRune {
		return notAssignable
	}
	runs := decodedRuns()
	// The run of r is the last one that does not start behind it.
	low, high := 0, len(runs)
	for high-low > 1 {
		middle := int(uint(low+high) >> 1)
		if runs[middle]>>5 <= uint32(r) {
			low = middle
		} else {
			high = middle
		}
	}
	category := uint(runs[low] & 31)
	if category == alternatingCase {
		return categoryLu + uint(uint32(r)-runs[low]>>5)&1
	}
	return category
}

// A runTable is where each run of categoryRuns starts, times 32, plus its
// category.
type runTable struct {
	runs []uint32
}

// runsWhenDecoded is nil until categoryRuns has been decoded. Goroutines may
// decode at the same time: they store equal tables, and the pointer is stored
// when its table is complete.
var runsWhenDecoded *runTable

func decodedRuns() []uint32 {
	if table := runsWhenDecoded; table != nil {
		return table.runs
	}
	runs := make([]uint32, 0, 3200)
	start := uint32(0)
	for at := 0; at < len(categoryRuns); {
		var number uint32
		number, at = decodeNumber(categoryRuns, at)
		runs = append(runs, start<<5|number&31)
		start += number >> 5
	}
	runsWhenDecoded = &runTable{runs}
	return runs
}

// decodeNumber reads the number at index at of a table and returns it and the
// index behind it.
func decodeNumber(table string, at int) (number uint32, next int) {
	shift := uint(0)
	for {
		digit := uint32(table[at] - ' ')
		at++
		number |= digit & 31 << shift
		if digit < 32 {
			return number, at
		}
		shift += 5
	}
}
