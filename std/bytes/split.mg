package bytes

import (
	"unicode"
	"unicode/utf8"
)

// The pieces below end their capacity where they end, so that appending to one
// does not overwrite the next.

// Split cuts s at every sep; see SplitN.
func Split(s, sep []byte) [][]byte { return splitKeeping(s, sep, 0, -1) }

// SplitAfter cuts s after every sep, keeping the separators.
func SplitAfter(s, sep []byte) [][]byte { return splitKeeping(s, sep, len(sep), -1) }

// SplitN cuts s at sep into at most n pieces, the last being the rest; n < 0
// means all, n == 0 gives nil. An empty sep splits into code points.
func SplitN(s, sep []byte, n int) [][]byte { return splitKeeping(s, sep, 0, n) }

// SplitAfterN is SplitN keeping the separators.
func SplitAfterN(s, sep []byte, n int) [][]byte { return splitKeeping(s, sep, len(sep), n) }

func splitKeeping(s, sep []byte, keep, n int) [][]byte {
	if n == 0 {
		return nil
	}
	if len(sep) == 0 {
		return explode(s, n)
	}
	if n < 0 {
		n = Count(s, sep) + 1
	}
	if n > len(s)+1 {
		n = len(s) + 1
	}
	pieces := make([][]byte, 0, n)
	for len(pieces) < n-1 {
		at := Index(s, sep)
		if at < 0 {
			break
		}
		pieces = append(pieces, s[:at+keep:at+keep])
		s = s[at+len(sep):]
	}
	return append(pieces, s)
}

// explode splits s into its code points, invalid bytes one by one.
func explode(s []byte, n int) [][]byte {
	if n < 0 || n > len(s) {
		n = len(s)
	}
	pieces := make([][]byte, 0, n)
	for len(s) > 0 {
		if len(pieces) == n-1 {
			return append(pieces, s)
		}
		_, size := utf8.DecodeRune(s)
		pieces = append(pieces, s[:size:size])
		s = s[size:]
	}
	return pieces
}

// Fields splits s around runs of white space; there are no empty pieces.
func Fields(s []byte) [][]byte { return FieldsFunc(s, unicode.IsSpace) }

// FieldsFunc splits s around runs of code points that satisfy f; there are no
// empty pieces.
func FieldsFunc(s []byte, f func(rune) bool) [][]byte {
	pieces := [][]byte{}
	start := -1
	for at := 0; at < len(s); {
		c, size := utf8.DecodeRune(s[at:])
		if f(c) {
			if start >= 0 {
				pieces = append(pieces, s[start:at:at])
				start = -1
			}
		} else if start < 0 {
			start = at
		}
		at += size
	}
	if start >= 0 {
		pieces = append(pieces, s[start:len(s):len(s)])
	}
	return pieces
}

// Join concatenates the elements of s with sep between them.
func Join(s [][]byte, sep []byte) []byte {
	if len(s) == 0 {
		return []byte{}
	}
	total := len(sep) * (len(s) - 1)
	for _, elem := range s {
		total += len(elem)
		if total < 0 {
			panic("bytes: Join output length overflow")
		}
	}
	joined := make([]byte, 0, total)
	for i, elem := range s {
		if i > 0 {
			joined = append(joined, sep...)
		}
		joined = append(joined, elem...)
	}
	return joined
}

// Runes returns the code points of s.
func Runes(s []byte) []rune {
	runes := make([]rune, 0, utf8.RuneCount(s))
	for len(s) > 0 {
		c, size := utf8.DecodeRune(s)
		runes = append(runes, c)
		s = s[size:]
	}
	return runes
}
