// Package unicode tells what kind of character a code point is and maps
// between cases, after Unicode 17.0.0.
//
// A program that imports this package pays nothing at start: the tables are
// constant strings (tables.mg, scripts.mg) and decoded when first needed. The
// predefined range tables describe themselves by category or by text; their R16
// and R32 are empty.
package unicode

const (
	MaxRune         = '\U0010FFFF' // the greatest code point
	ReplacementChar = '\uFFFD'     // stands for what is no code point
	MaxASCII        = '\u007F'     // the greatest ASCII code point
	MaxLatin1       = '\u00FF'     // the greatest Latin-1 code point
)

// Version is the edition of Unicode the tables are from.
const Version = "17.0.0"

// A RangeTable is a set of code points, given by sorted ranges.
type RangeTable struct {
	R16         []Range16
	R32         []Range32
	LatinOffset int // number of entries of R16 with Hi <= MaxLatin1

	// The predefined tables use one of these instead of the ranges.
	categories categorySet
	bounds     string // first and last code point of each range in turn
}

// A Range16 is the code points Lo, Lo+Stride, ... up to Hi.
type Range16 struct {
	Lo     uint16
	Hi     uint16
	Stride uint16
}

// A Range32 is the code points Lo, Lo+Stride, ... up to Hi.
type Range32 struct {
	Lo     uint32
	Hi     uint32
	Stride uint32
}

// Is reports whether r is in the table.
func Is(rangeTab *RangeTable, r rune) bool {
	if rangeTab.categories != 0 {
		return rangeTab.categories.has(r)
	}
	if rangeTab.bounds != "" {
		first, isLast := rune(0), false
		for _, bound := range rangeTab.bounds {
			if isLast && r <= bound {
				return r >= first
			}
			first, isLast = bound, !isLast
		}
		return false
	}
	if r < 0 {
		return false
	}
	code := uint32(r)
	ranges16 := rangeTab.R16
	if len(ranges16) > 0 && code <= uint32(ranges16[len(ranges16)-1].Hi) {
		low, high := 0, len(ranges16)
		for low < high {
			middle := int(uint(low+high) >> 1)
			if uint32(ranges16[middle].Hi) < code {
				low = middle + 1
			} else {
				high = middle
			}
		}
		found := &ranges16[low]
		return code >= uint32(found.Lo) && (code-uint32(found.Lo))%uint32(found.Stride) == 0
	}
	ranges32 := rangeTab.R32
	if len(ranges32) > 0 && code <= ranges32[len(ranges32)-1].Hi {
		low, high := 0, len(ranges32)
		for low < high {
			middle := int(uint(low+high) >> 1)
			if ranges32[middle].Hi < code {
				low = middle + 1
			} else {
				high = middle
			}
		}
		found := &ranges32[low]
		return code >= found.Lo && (code-found.Lo)%found.Stride == 0
	}
	return false
}

// In reports whether r is in one of the tables.
func In(r rune, ranges ...*RangeTable) bool { return IsOneOf(ranges, r) }

// IsOneOf reports whether r is in one of the tables.
func IsOneOf(ranges []*RangeTable, r rune) bool {
	for _, table := range ranges {
		if Is(table, r) {
			return true
		}
	}
	return false
}

// IsLetter reports whether r is a letter (category L).
func IsLetter(r rune) bool {
	if uint32(r) <= MaxASCII {
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	}
	return letters.has(r)
}

// IsDigit reports whether r is a decimal digit (category Nd).
func IsDigit(r rune) bool {
	if uint32(r) <= MaxLatin1 {
		return '0' <= r && r <= '9'
	}
	return categorySet(1 << categoryNd).has(r)
}

// IsNumber reports whether r is a number (category N).
func IsNumber(r rune) bool { return numbers.has(r) }

// IsUpper reports whether r is an upper case letter.
func IsUpper(r rune) bool {
	if uint32(r) <= MaxASCII {
		return 'A' <= r && r <= 'Z'
	}
	return categorySet(1 << categoryLu).has(r)
}

// IsLower reports whether r is a lower case letter.
func IsLower(r rune) bool {
	if uint32(r) <= MaxASCII {
		return 'a' <= r && r <= 'z'
	}
	return categorySet(1 << categoryLl).has(r)
}

// IsTitle reports whether r is a title case letter.
func IsTitle(r rune) bool {
	return r > MaxLatin1 && categorySet(1<<categoryLt).has(r)
}

// IsMark reports whether r is a mark (category M).
func IsMark(r rune) bool { return marks.has(r) }

// IsPunct reports whether r is punctuation (category P).
func IsPunct(r rune) bool { return punctuation.has(r) }

// IsSymbol reports whether r is a symbol (category S).
func IsSymbol(r rune) bool { return symbols.has(r) }

// IsControl reports whether r is a control character (category Cc).
func IsControl(r rune) bool {
	return uint32(r) < 0x20 || 0x7F <= r && r < 0xA0
}

// IsSpace reports whether r has the property White_Space.
func IsSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0xA0,
		0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

// IsGraphic reports whether r is a letter, mark, number, punctuation, symbol
// or space (categories L, M, N, P, S, Zs).
func IsGraphic(r rune) bool {
	return (graphic | 1<<categoryZs).has(r)
}

// IsPrint reports whether r is graphic and, if a space, the ASCII one.
func IsPrint(r rune) bool {
	if uint32(r) <= MaxASCII {
		return ' ' <= r && r < 0x7F
	}
	return graphic.has(r)
}
