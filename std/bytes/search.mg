// Package bytes searches, splits and transforms slices of bytes that hold
// UTF-8 text.
//
// What only looks at the bytes is done by package strings on a view of the
// slice as a string, without a copy.
package bytes

import (
	"strings"
	"unicode/utf8"
)

// view returns b as a string that shares b's memory. The result must be dropped
// before anyone can write to b: it never leaves a function of this package.
func view(b []byte) string

// MinRead is the least free space Buffer.ReadFrom offers to Read.
const MinRead = 512

// Equal reports whether a and b hold the same bytes; nil equals empty.
func Equal(a, b []byte) bool { return view(a) == view(b) }

// Compare orders two slices bytewise: -1 if a < b, 0 if equal, +1 if a > b.
func Compare(a, b []byte) int { return strings.Compare(view(a), view(b)) }

// Index returns the index of the first instance of sep in s, or -1.
func Index(s, sep []byte) int { return strings.Index(view(s), view(sep)) }

// IndexByte returns the index of the first instance of c in b, or -1.
func IndexByte(b []byte, c byte) int { return strings.IndexByte(view(b), c) }

// IndexRune returns the index of the first instance of r in s, or -1.
// utf8.RuneError finds the first invalid byte as well.
func IndexRune(s []byte, r rune) int { return strings.IndexRune(view(s), r) }

// IndexAny returns the index of the first code point of s that is in chars,
// or -1.
func IndexAny(s []byte, chars string) int { return strings.IndexAny(view(s), chars) }

// LastIndex returns the index of the last instance of sep in s, or -1.
func LastIndex(s, sep []byte) int { return strings.LastIndex(view(s), view(sep)) }

// LastIndexByte returns the index of the last instance of c in s, or -1.
func LastIndexByte(s []byte, c byte) int { return strings.LastIndexByte(view(s), c) }

// LastIndexAny returns the index of the last code point of s that is in chars,
// or -1.
func LastIndexAny(s []byte, chars string) int { return strings.LastIndexAny(view(s), chars) }

// IndexFunc returns the index of the first code point that satisfies f, or -1.
func IndexFunc(s []byte, f func(r rune) bool) int { return indexFunc(s, f, true) }

// LastIndexFunc returns the index of the last code point that satisfies f, or -1.
func LastIndexFunc(s []byte, f func(r rune) bool) int { return lastIndexFunc(s, f, true) }

func indexFunc(s []byte, f func(r rune) bool, want bool) int {
	for at := 0; at < len(s); {
		c, size := utf8.DecodeRune(s[at:])
		if f(c) == want {
			return at
		}
		at += size
	}
	return -1
}

func lastIndexFunc(s []byte, f func(r rune) bool, want bool) int {
	for end := len(s); end > 0; {
		c, size := utf8.DecodeLastRune(s[:end])
		end -= size
		if f(c) == want {
			return end
		}
	}
	return -1
}

// Contains reports whether subslice is within b.
func Contains(b, subslice []byte) bool { return Index(b, subslice) >= 0 }

// ContainsAny reports whether any code point of chars is within b.
func ContainsAny(b []byte, chars string) bool { return IndexAny(b, chars) >= 0 }

// ContainsRune reports whether the code point r is within b.
func ContainsRune(b []byte, r rune) bool { return IndexRune(b, r) >= 0 }

// ContainsFunc reports whether any code point of b satisfies f.
func ContainsFunc(b []byte, f func(rune) bool) bool { return IndexFunc(b, f) >= 0 }

// HasPrefix reports whether s begins with prefix.
func HasPrefix(s, prefix []byte) bool { return strings.HasPrefix(view(s), view(prefix)) }

// HasSuffix reports whether s ends with suffix.
func HasSuffix(s, suffix []byte) bool { return strings.HasSuffix(view(s), view(suffix)) }

// Count returns the number of instances of sep in s that do not overlap; for
// an empty sep it is the number of code points plus one.
func Count(s, sep []byte) int { return strings.Count(view(s), view(sep)) }

// EqualFold reports whether s and t are equal under simple Unicode case folding.
func EqualFold(s, t []byte) bool { return strings.EqualFold(view(s), view(t)) }

// Cut slices s around the first instance of sep. If sep is not in s, the
// result is s, nil, false.
func Cut(s, sep []byte) (before, after []byte, found bool) {
	if at := Index(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, nil, false
}

// CutLast slices s around the last instance of sep. If sep is not in s, the
// result is s, nil, false.
func CutLast(s, sep []byte) (before, after []byte, found bool) {
	if at := LastIndex(s, sep); at >= 0 {
		return s[:at], s[at+len(sep):], true
	}
	return s, nil, false
}

// CutPrefix returns s without the prefix and whether it was there.
func CutPrefix(s, prefix []byte) (after []byte, found bool) {
	if !HasPrefix(s, prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// CutSuffix returns s without the suffix and whether it was there.
func CutSuffix(s, suffix []byte) (before []byte, found bool) {
	if !HasSuffix(s, suffix) {
		return s, false
	}
	return s[:len(s)-len(suffix)], true
}
