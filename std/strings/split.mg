package strings

import (
	"unicode"
	"unicode/utf8"
)

// Split cuts s at every sep; see SplitN.
func Split(s, sep string) []string { return splitKeeping(s, sep, 0, -1) }

// SplitAfter cuts s after every sep, keeping the separators.
func SplitAfter(s, sep string) []string { return splitKeeping(s, sep, len(sep), -1) }

// SplitN cuts s at sep into at most n pieces, the last being the rest; n < 0
// means all, n == 0 gives nil. An empty sep splits into code points.
func SplitN(s, sep string, n int) []string { return splitKeeping(s, sep, 0, n) }

// SplitAfterN is SplitN keeping the separators.
func SplitAfterN(s, sep string, n int) []string { return splitKeeping(s, sep, len(sep), n) }

// splitKeeping splits at sep, leaving the first keep bytes of the separator on
// the piece before it.
func splitKeeping(s, sep string, keep, n int) []string {
	if n == 0 {
		return nil
	}
	if sep == "" {
		return explode(s, n)
	}
	if n < 0 {
		n = Count(s, sep) + 1
	}
	if n > len(s)+1 {
		n = len(s) + 1
	}
	pieces := make([]string, 0, n)
	for len(pieces) < n-1 {
		at := Index(s, sep)
		if at < 0 {
			break
		}
		pieces = append(pieces, s[:at+keep])
		s = s[at+len(sep):]
	}
	return append(pieces, s)
}

// explode splits s into its code points, invalid bytes one by one.
func explode(s string, n int) []string {
	total := utf8.RuneCountInString(s)
	if n < 0 || n > total {
		n = total
	}
	pieces := make([]string, n)
	for i := 0; i < n-1; i++ {
		_, size := utf8.DecodeRuneInString(s)
		pieces[i] = s[:size]
		s = s[size:]
	}
	if n > 0 {
		pieces[n-1] = s
	}
	return pieces
}

// asciiSpace reports whether the ASCII byte c is white space.
func asciiSpace(c byte) bool {
	return c == ' ' || '\t' <= c && c <= '\r'
}

// Fields splits s around runs of white space; there are no empty pieces.
func Fields(s string) []string {
	count := 0
	inside := false
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return FieldsFunc(s, unicode.IsSpace)
		}
		space := asciiSpace(s[i])
		if !space && !inside {
			count++
		}
		inside = !space
	}
	pieces := make([]string, 0, count)
	i := 0
	for i < len(s) {
		for i < len(s) && asciiSpace(s[i]) {
			i++
		}
		start := i
		for i < len(s) && !asciiSpace(s[i]) {
			i++
		}
		if start < i {
			pieces = append(pieces, s[start:i])
		}
	}
	return pieces
}

// FieldsFunc splits s around runs of code points that satisfy f; there are no
// empty pieces.
func FieldsFunc(s string, f func(rune) bool) []string {
	pieces := []string{}
	start := -1
	for i, c := range s {
		if f(c) {
			if start >= 0 {
				pieces = append(pieces, s[start:i])
				start = -1
			}
		} else if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		pieces = append(pieces, s[start:])
	}
	return pieces
}

// Join concatenates the elements with sep between them.
func Join(elems []string, sep string) string {
	switch len(elems) {
	case 0:
		return ""
	case 1:
		return elems[0]
	}
	total := len(sep) * (len(elems) - 1)
	for _, elem := range elems {
		total += len(elem)
		if total < 0 {
			panic("strings: Join output length overflow")
		}
	}
	buf := make([]byte, 0, total)
	buf = append(buf, elems[0]...)
	for _, elem := range elems[1:] {
		buf = append(buf, sep...)
		buf = append(buf, elem...)
	}
	return bytesToStringNoCopy(buf)
}
