package strings

import (
	"unicode"
	"unicode/utf8"
)

// TrimLeftFunc removes the leading code points that satisfy f.
func TrimLeftFunc(s string, f func(rune) bool) string {
	at := indexFunc(s, f, false)
	if at < 0 {
		return ""
	}
	return s[at:]
}

// TrimRightFunc removes the trailing code points that satisfy f.
func TrimRightFunc(s string, f func(rune) bool) string {
	at := lastIndexFunc(s, f, false)
	if at < 0 {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[:at+size]
}

// TrimFunc removes the leading and trailing code points that satisfy f.
func TrimFunc(s string, f func(rune) bool) string {
	return TrimRightFunc(TrimLeftFunc(s, f), f)
}

// Trim removes all leading and trailing code points that are in cutset.
func Trim(s, cutset string) string {
	return TrimRight(TrimLeft(s, cutset), cutset)
}

// TrimLeft removes all leading code points that are in cutset.
func TrimLeft(s, cutset string) string {
	if cutset == "" {
		return s
	}
	for s != "" {
		c, size := utf8.DecodeRuneInString(s)
		if !inCutset(cutset, c) {
			break
		}
		s = s[size:]
	}
	return s
}

// TrimRight removes all trailing code points that are in cutset.
func TrimRight(s, cutset string) string {
	if cutset == "" {
		return s
	}
	for s != "" {
		c, size := utf8.DecodeLastRuneInString(s)
		if !inCutset(cutset, c) {
			break
		}
		s = s[:len(s)-size]
	}
	return s
}

func inCutset(cutset string, c rune) bool {
	if len(cutset) == 1 && cutset[0] < utf8.RuneSelf {
		return c == rune(cutset[0])
	}
	return IndexRune(cutset, c) >= 0
}

// TrimSpace removes leading and trailing white space.
func TrimSpace(s string) string {
	start, end := 0, len(s)
	for start < end {
		c := s[start]
		if c >= utf8.RuneSelf {
			return TrimFunc(s[start:end], unicode.IsSpace)
		}
		if !asciiSpace(c) {
			break
		}
		start++
	}
	for start < end {
		c := s[end-1]
		if c >= utf8.RuneSelf {
			return TrimRightFunc(s[start:end], unicode.IsSpace)
		}
		if !asciiSpace(c) {
			break
		}
		end--
	}
	return s[start:end]
}

// TrimPrefix returns s without the prefix, or s if it does not begin with it.
func TrimPrefix(s, prefix string) string {
	if HasPrefix(s, prefix) {
		return s[len(prefix):]
	}
	return s
}

// TrimSuffix returns s without the suffix, or s if it does not end with it.
func TrimSuffix(s, suffix string) string {
	if HasSuffix(s, suffix) {
		return s[:len(s)-len(suffix)]
	}
	return s
}
