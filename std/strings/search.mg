// Package strings searches, splits and transforms UTF-8 strings.
//
// This file finds things in strings. The two hot loops, finding one byte and
// finding a substring, are natives of the runtime (vectorised there);
// everything else is built on them or on plain loops.
package strings

import (
	"unicode"
	"unicode/utf8"
)

// indexByteNative returns the index of the first byte c in s, or -1.
func indexByteNative(s string, c byte) int

// indexNative returns the index of the first occurrence of substr in s, or -1;
// an empty substr is found at 0.
func indexNative(s, substr string) int

// Index returns the index of the first instance of substr in s, or -1.
func Index(s, substr string) int {
	switch len(substr) {
	case 0:
		return 0
	case 1:
		return indexByteNative(s, substr[0])
	}
	if len(substr) > len(s) {
		return -1
	}
	return indexNative(s, substr)
}

// IndexByte returns the index of the first instance of c in s, or -1.
func IndexByte(s string, c byte) int {
	return indexByteNative(s, c)
}

// IndexRune returns the index of the first instance of r in s, or -1.
// utf8.RuneError finds the first invalid byte as well; a rune that is no
// valid code point is never found.
func IndexRune(s string, r rune) int {
	if r >= 0 && r < utf8.RuneSelf {
		return indexByteNative(s, byte(r))
	}
	if r == utf8.RuneError {
		for i, c := range s {
			if c == utf8.RuneError {
				return i
			}
		}
		return -1
	}
	if !utf8.ValidRune(r) {
		return -1
	}
	return indexNative(s, string(r))
}

// IndexAny returns the index of the first code point of s that is also in
// chars, or -1.
func IndexAny(s, chars string) int {
	if chars == "" {
		return -1
	}
	for i, c := range s {
		if IndexRune(chars, c) >= 0 {
			return i
		}
	}
	return -1
}

// LastIndex returns the index of the last instance of substr in s, or -1.
func LastIndex(s, substr string) int {
	n := len(substr)
	if n == 0 {
		return len(s)
	}
	if n > len(s) {
		return -1
	}
	if n == 1 {
		return LastIndexByte(s, substr[0])
	}
	if n == len(s) {
		if s == substr {
			return 0
		}
		return -1
	}
	// Rabin-Karp from the right keeps the worst case linear.
	var wanted, have, power uint32 = 0, 0, 1
	for i := 0; i < n; i++ {
		wanted = wanted*rollingBase + uint32(substr[n-1-i])
		have = have*rollingBase + uint32(s[len(s)-1-i])
		power *= rollingBase
	}
	for at := len(s) - n; ; at-- {
		if have == wanted && s[at:at+n] == substr {
			return at
		}
		if at == 0 {
			return -1
		}
		have = have*rollingBase + uint32(s[at-1]) - power*uint32(s[at+n-1])
	}
}

// rollingBase is the multiplier of the rolling hash of LastIndex (the prime of
// the 32-bit FNV hash, which spreads bytes well).
const rollingBase = 16777619

// LastIndexByte returns the index of the last instance of c in s, or -1.
func LastIndexByte(s string, c byte) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == c {
			return i
		}
	}
	return -1
}

// LastIndexAny returns the index of the last code point of s that is also in
// chars, or -1.
func LastIndexAny(s, chars string) int {
	if chars == "" {
		return -1
	}
	for end := len(s); end > 0; {
		c, size := utf8.DecodeLastRuneInString(s[:end])
		end -= size
		if IndexRune(chars, c) >= 0 {
			return end
		}
	}
	return -1
}

// IndexFunc returns the index of the first code point that satisfies f, or -1.
func IndexFunc(s string, f func(rune) bool) int {
	return indexFunc(s, f, true)
}

// LastIndexFunc returns the index of the last code point that satisfies f, or -1.
func LastIndexFunc(s string, f func(rune) bool) int {
	return lastIndexFunc(s, f, true)
}

// indexFunc finds the first code point for which f answers want.
func indexFunc(s string, f func(rune) bool, want bool) int {
	for i, c := range s {
		if f(c) == want {
			return i
		}
	}
	return -1
}

// lastIndexFunc finds the last code point for which f answers want.
func lastIndexFunc(s string, f func(rune) bool, want bool) int {
	for end := len(s); end > 0; {
		c, size := utf8.DecodeLastRuneInString(s[:end])
		end -= size
		if f(c) == want {
			return end
		}
	}
	return -1
}

// Contains reports whether substr is within s.
func Contains(s, substr string) bool { return Index(s, substr) >= 0 }

// ContainsAny reports whether any code point of chars is within s.
func ContainsAny(s, chars string) bool { return IndexAny(s, chars) >= 0 }

// ContainsRune reports whether the code point r is within s.
func ContainsRune(s string, r rune) bool { return IndexRune(s, r) >= 0 }

// ContainsFunc reports whether any code point of s satisfies f.
func ContainsFunc(s string, f func(rune) bool) bool { return IndexFunc(s, f) >= 0 }

// HasPrefix reports whether s begins with prefix.
func HasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && s[:len(prefix)] == prefix
}

// HasSuffix reports whether s ends with suffix.
func HasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

// Count returns the number of instances of substr in s that do not overlap;
// for an empty substr it is the number of code points plus one.
func Count(s, substr string) int {
	if substr == "" {
		return utf8.RuneCountInString(s) + 1
	}
	count := 0
	if len(substr) == 1 {
		c := substr[0]
		for i := 0; i < len(s); i++ {
			if s[i] == c {
				count++
			}
		}
		return count
	}
	for {
		at := Index(s, substr)
		if at < 0 {
			return count
		}
		count++
		s = s[at+len(substr):]
	}
}

// Compare orders two strings bytewise: -1 if a < b, 0 if equal, +1 if a > b.
func Compare(a, b string) int {
	if a == b {
		return 0
	}
	if a < b {
		return -1
	}
	return 1
}

// EqualFold reports whether s and t are equal under simple Unicode case folding.
func EqualFold(s, t string) bool {
	i := 0
	for ; i < len(s) && i < len(t); i++ {
		a, b := s[i], t[i]
		if a|b >= utf8.RuneSelf {
			return equalFoldUnicode(s[i:], t[i:])
		}
		if a != b && lowerASCII(a) != lowerASCII(b) {
			return false
		}
	}
	return len(s) == len(t)
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

func equalFoldUnicode(s, t string) bool {
	for s != "" && t != "" {
		a, sizeA := utf8.DecodeRuneInString(s)
		b, sizeB := utf8.DecodeRuneInString(t)
		s, t = s[sizeA:], t[sizeB:]
		if a == b {
			continue
		}
		// The folding orbit of a leads back to a; b has to be on it.
		folded := unicode.SimpleFold(a)
		for folded != a && folded != b {
			folded = unicode.SimpleFold(folded)
		}
		if folded != b {
			return false
		}
	}
	return s == t
}

// Cut slices s around the first instance of sep. If sep is not in s, the
// result is s, "", false.
func Cut(s, sep string) (before, after string, found bool) {
	if at := Index(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, "", false
}

// CutLast slices s around the last instance of sep. If sep is not in s, the
// result is s, "", false.
func CutLast(s, sep string) (before, after string, found bool) {
	if at := LastIndex(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, "", false
}

// CutPrefix returns s without the prefix and whether it was there.
func CutPrefix(s, prefix string) (after string, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CutSuffix returns s without the suffix and whether it was there.
func CutSuffix(s, suffix string) (before string, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}
