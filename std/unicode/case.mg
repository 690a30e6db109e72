package unicode

// Cases, as indexes of a CaseRange's Delta.
const (
	UpperCase = iota
	LowerCase
	TitleCase
	MaxCase
)

// UpperLower as a Delta tells that upper and lower case letters alternate in
// the range, upper case first.
const UpperLower = MaxRune + 1

// A CaseRange says how the code points from Lo to Hi map to the three cases:
// by adding Delta.
type CaseRange struct {
	Lo    uint32
	Hi    uint32
	Delta caseDelta
}

type caseDelta [MaxCase]rune

// A SpecialCase has the case mappings of a language that differ from the
// general ones.
type SpecialCase []CaseRange

// TurkishCase and AzeriCase tell the dotted from the dotless i.
var (
	TurkishCase = SpecialCase{
		{'I', 'I', caseDelta{0, 'ı' - 'I', 0}},
		{'i', 'i', caseDelta{'İ' - 'i', 0, 'İ' - 'i'}},
		{'İ', 'İ', caseDelta{0, 'i' - 'İ', 0}},
		{'ı', 'ı', caseDelta{'I' - 'ı', 0, 'I' - 'ı'}},
	}
	AzeriCase = TurkishCase
)

// ToUpper maps r to upper case, by the special mapping if there is one.
func (special SpecialCase) ToUpper(r rune) rune {
	if mapped, found := mapCase(special, UpperCase, r); found {
		return mapped
	}
	return ToUpper(r)
}

// ToLower maps r to lower case, by the special mapping if there is one.
func (special SpecialCase) ToLower(r rune) rune {
	if mapped, found := mapCase(special, LowerCase, r); found {
		return mapped
	}
	return ToLower(r)
}

// ToTitle maps r to title case, by the special mapping if there is one.
func (special SpecialCase) ToTitle(r rune) rune {
	if mapped, found := mapCase(special, TitleCase, r); found {
		return mapped
	}
	return ToTitle(r)
}

// To maps r to the case UpperCase, LowerCase or TitleCase; to ReplacementChar
// for any other number.
func To(_case int, r rune) rune {
	if _case < 0 || _case >= MaxCase {
		return ReplacementChar
	}
	mapped, _ := mapCase(decodedMappings(), _case, r)
	return mapped
}

// ToUpper maps r to upper case.
func ToUpper(r rune) rune {
	if uint32(r) <= MaxASCII {
		if 'a' <= r && r <= 'z' {
			return r - ('a' - 'A')
		}
		return r
	}
	return To(UpperCase, r)
}

// ToLower maps r to lower case.
func ToLower(r rune) rune {
	if uint32(r) <= MaxASCII {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}
	return To(LowerCase, r)
}

// ToTitle maps r to title case.
func ToTitle(r rune) rune {
	if uint32(r) <= MaxASCII {
		return ToUpper(r)
	}
	return To(TitleCase, r)
}

// mapCase maps r by the range it is in, and reports whether there is one.
func mapCase(ranges []CaseRange, toCase int, r rune) (mapped rune, found bool) {
	if r < 0 {
		return r, false
	}
	low, high := 0, len(ranges)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if ranges[middle].Hi < uint32(r) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(ranges) || uint32(r) < ranges[low].Lo {
		return r, false
	}
	first, delta := rune(ranges[low].Lo), ranges[low].Delta[toCase]
	if delta == UpperLower {
		// Title case counts as upper case here.
		return first + ((r-first)&^1 | rune(toCase&1)), true
	}
	return r + delta, true
}

// A mappingTable holds the decoded caseMappings.
type mappingTable struct {
	ranges []CaseRange
}

// mappingsWhenDecoded is nil until caseMappings has been decoded; see
// runsWhenDecoded.
var mappingsWhenDecoded *mappingTable

func decodedMappings() []CaseRange {
	if table := mappingsWhenDecoded; table != nil {
		return table.ranges
	}
	ranges := make([]CaseRange, 0, 384)
	end := uint32(0)
	for at := 0; at < len(caseMappings); {
		var distance, length uint32
		distance, at = decodeNumber(caseMappings, at)
		length, at = decodeNumber(caseMappings, at)
		mapping := CaseRange{Lo: end + distance, Hi: end + distance + length}
		for toCase := range mapping.Delta {
			var number uint32
			number, at = decodeNumber(caseMappings, at)
			switch number & 3 {
			case 0:
				mapping.Delta[toCase] = rune(number >> 2)
			case 2:
				mapping.Delta[toCase] = -rune(number >> 2)
			default:
				mapping.Delta[toCase] = UpperLower
			}
		}
		ranges = append(ranges, mapping)
		end = mapping.Hi
	}
	mappingsWhenDecoded = &mappingTable{ranges}
	return ranges
}

// SimpleFold steps through the code points equal to r under simple case
// folding: it returns the smallest one greater than r, or the smallest of all.
func SimpleFold(r rune) rune {
	if r < 0 || r > MaxRune {
		return r
	}
	if r <= MaxASCII && r|0x20 != 'k' && r|0x20 != 's' {
		if 'a' <= r|0x20 && r|0x20 <= 'z' {
			return r ^ 0x20
		}
		return r
	}
	orbitStart, found := rune(' '), false
	for _, c := range foldOrbits {
		switch {
		case found && c == ' ':
			return orbitStart
		case found:
			return c
		case c == ' ':
			orbitStart = ' '
		default:
			if orbitStart == ' ' {
				orbitStart = c
			}
			found = c == r
		}
	}
	if found {
		return orbitStart
	}
	if lower := ToLower(r); lower != r {
		return lower
	}
	return ToUpper(r)
}
