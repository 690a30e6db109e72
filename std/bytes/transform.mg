package bytes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clone returns a copy of b, nil for nil.
func Clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

// Repeat returns count copies of b one after another. It panics if count is
// negative or the result would be too long.
func Repeat(b []byte, count int) []byte {
	if count < 0 {
		panic("bytes: negative Repeat count")
	}
	if count == 0 || len(b) == 0 {
		return []byte{}
	}
	if len(b) > int(^uint(0)>>1)/count {
		panic("bytes: Repeat output length overflow")
	}
	repeated := make([]byte, len(b)*count)
	filled := copy(repeated, b)
	for filled < len(repeated) {
		filled += copy(repeated[filled:], repeated[:filled])
	}
	return repeated
}

// Replace returns a copy of s with the first n instances of old replaced by
// new, all of them if n < 0. An empty old matches at the start and after each
// code point.
func Replace(s, old, new []byte, n int) []byte {
	found := 0
	if n != 0 {
		found = Count(s, old)
	}
	if n < 0 || n > found {
		n = found
	}
	replaced := make([]byte, 0, len(s)+n*(len(new)-len(old)))
	if n == 0 {
		// Go gives nil for nothing here.
		return append([]byte(nil), s...)
	}
	for i := 0; i < n; i++ {
		at := 0
		if len(old) > 0 {
			at = Index(s, old)
		} else if i > 0 {
			_, at = utf8.DecodeRune(s)
		}
		replaced = append(replaced, s[:at]...)
		replaced = append(replaced, new...)
		s = s[at+len(old):]
	}
	return append(replaced, s...)
}

// ReplaceAll returns a copy of s with all instances of old replaced by new.
func ReplaceAll(s, old, new []byte) []byte { return Replace(s, old, new, -1) }

// Map returns a copy of s with every code point replaced by mapping(c);
// negative results drop the code point.
func Map(mapping func(r rune) rune, s []byte) []byte {
	mapped := make([]byte, 0, len(s))
	for len(s) > 0 {
		c, size := utf8.DecodeRune(s)
		if c = mapping(c); c >= 0 {
			mapped = utf8.AppendRune(mapped, c)
		}
		s = s[size:]
	}
	return mapped
}

// ToUpper returns a copy with all letters in upper case.
func ToUpper(s []byte) []byte {
	upper := make([]byte, len(s))
	for i, c := range s {
		if c >= utf8.RuneSelf {
			return Map(unicode.ToUpper, s)
		}
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		upper[i] = c
	}
	return upper
}

// ToLower returns a copy with all letters in lower case.
func ToLower(s []byte) []byte {
	lower := make([]byte, len(s))
	for i, c := range s {
		if c >= utf8.RuneSelf {
			return Map(unicode.ToLower, s)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return lower
}

// ToTitle returns a copy with all letters in title case.
func ToTitle(s []byte) []byte { return Map(unicode.ToTitle, s) }

// ToUpperSpecial maps to upper case with the special mappings of c first.
func ToUpperSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToUpper, s) }

// ToLowerSpecial maps to lower case with the special mappings of c first.
func ToLowerSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToLower, s) }

// ToTitleSpecial maps to title case with the special mappings of c first.
func ToTitleSpecial(c unicode.SpecialCase, s []byte) []byte { return Map(c.ToTitle, s) }

// Title returns a copy with the first letter of every word in title case.
func Title(s []byte) []byte { return []byte(strings.Title(string(s))) }

// ToValidUTF8 returns a copy with every run of invalid bytes replaced.
func ToValidUTF8(s, replacement []byte) []byte {
	valid := make([]byte, 0, len(s)+len(replacement))
	invalid := false
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRune(s[i:])
		if c == utf8.RuneError && size == 1 {
			if !invalid {
				valid = append(valid, replacement...)
			}
			invalid = true
		} else {
			valid = append(valid, s[i:i+size]...)
			invalid = false
		}
		i += size
	}
	return valid
}
