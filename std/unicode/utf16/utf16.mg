// Package utf16 encodes and decodes UTF-16 (Unicode standard, section 3.9).
package utf16

const (
	surrogateStart    = 0xD800
	lowSurrogateStart = 0xDC00
	surrogateEnd      = 0xE000
	supplementary     = 0x10000 // the first code point that takes two units
	maxRune           = 0x10FFFF
	replacement       = 0xFFFD
)

// IsSurrogate reports whether r is a surrogate, which only means something as
// half of a pair.
func IsSurrogate(r rune) bool { return surrogateStart <= r && r < surrogateEnd }

// DecodeRune returns the code point of a surrogate pair, or U+FFFD if the two
// are none.
func DecodeRune(r1, r2 rune) rune {
	if surrogateStart <= r1 && r1 < lowSurrogateStart && lowSurrogateStart <= r2 && r2 < surrogateEnd {
		return (r1-surrogateStart)<<10 | (r2 - lowSurrogateStart) + supplementary
	}
	return replacement
}

// EncodeRune returns the surrogate pair of r, or U+FFFD twice if r needs none
// or is no code point.
func EncodeRune(r rune) (r1, r2 rune) {
	if r < supplementary || r > maxRune {
		return replacement, replacement
	}
	r -= supplementary
	return surrogateStart + r>>10, lowSurrogateStart + r&0x3FF
}

// RuneLen returns the number of units of r's encoding, -1 if it has none.
func RuneLen(r rune) int {
	switch {
	case 0 <= r && r < surrogateStart, surrogateEnd <= r && r < supplementary:
		return 1
	case supplementary <= r && r <= maxRune:
		return 2
	}
	return -1
}

// AppendRune appends the encoding of r, of U+FFFD if it has none.
func AppendRune(a []uint16, r rune) []uint16 {
	switch RuneLen(r) {
	case 1:
		return append(a, uint16(r))
	case 2:
		high, low := EncodeRune(r)
		return append(a, uint16(high), uint16(low))
	}
	return append(a, replacement)
}

// Encode returns the encoding of the code points s.
func Encode(s []rune) []uint16 {
	units := make([]uint16, 0, len(s))
	for _, r := range s {
		units = AppendRune(units, r)
	}
	return units
}

// Decode returns the code points encoded by s; surrogates without a partner
// become U+FFFD.
func Decode(s []uint16) []rune {
	runes := make([]rune, 0, len(s))
	for i := 0; i < len(s); i++ {
		r := rune(s[i])
		if IsSurrogate(r) {
			next := rune(replacement)
			if i+1 < len(s) {
				next = rune(s[i+1])
			}
			r = DecodeRune(r, next)
			if r != replacement {
				i++
			}
		}
		runes = append(runes, r)
	}
	return runes
}
