package bytes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The functions that trim at the left give nil where nothing is left, as Go's do.

// TrimLeftFunc removes the leading code points that satisfy f.
func TrimLeftFunc(s []byte, f func(r rune) bool) []byte {
	at := indexFunc(s, f, false)
	if at < 0 {
		return nil
	}
	return s[at:]
}

// TrimRightFunc removes the trailing code points that satisfy f.
func TrimRightFunc(s []byte, f func(r rune) bool) []byte {
	at := lastIndexFunc(s, f, false)
	if at < 0 {
		return s[:0]
	}
	_, size := utf8.DecodeRune(s[at:])
	return s[:at+size]
}

// TrimFunc removes the leading and trailing code points that satisfy f.
func TrimFunc(s []byte, f func(r rune) bool) []byte {
	return TrimRightFunc(TrimLeftFunc(s, f), f)
}

// Trim removes all leading and trailing code points that are in cutset.
func Trim(s []byte, cutset string) []byte {
	if len(s) == 0 {
		return nil
	}
	return TrimRight(TrimLeft(s, cutset), cutset)
}

// TrimLeft removes all leading code points that are in cutset.
func TrimLeft(s []byte, cutset string) []byte {
	left := len(strings.TrimLeft(view(s), cutset))
	if left == 0 {
		return nil
	}
	return s[len(s)-left:]
}

// TrimRight removes all trailing code points that are in cutset.
func TrimRight(s []byte, cutset string) []byte {
	return s[:len(strings.TrimRight(view(s), cutset))]
}

// TrimSpace removes leading and trailing white space.
func TrimSpace(s []byte) []byte { return TrimFunc(s, unicode.IsSpace) }

// TrimPrefix returns s without the prefix, or s if it does not begin with it.
func TrimPrefix(s, prefix []byte) []byte {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

// TrimSuffix returns s without the suffix, or s if it does not end with it.
func TrimSuffix(s, suffix []byte) []byte {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}
