package strings

import (
	"unicode"
	"unicode/utf8"
)

// Clone returns a copy of s in memory of its own.
func Clone(s string) string {
	if s == "" {
		return ""
	}
	buf := make([]byte, len(s))
	copy(buf, s)
	return bytesToStringNoCopy(buf)
}

// maxLength is the greatest length a string can have.
const maxLength = int(^uint(0) >> 1)

// Repeat returns count copies of s one after another. It panics if count is
// negative or the result would be too long.
func Repeat(s string, count int) string {
	if count < 0 {
		panic("strings: negative Repeat count")
	}
	if count == 0 || s == "" {
		return ""
	}
	if count == 1 {
		return s
	}
	if len(s) > maxLength/count {
		panic("strings: Repeat output length overflow")
	}
	buf := make([]byte, len(s)*count)
	filled := copy(buf, s)
	for filled < len(buf) {
		filled += copy(buf[filled:], buf[:filled])
	}
	return bytesToStringNoCopy(buf)
}

// Replace returns s with the first n instances of old replaced by new, all of
// them if n < 0. An empty old matches at the start and after each code point.
func Replace(s, old, new string, n int) string {
	if old == new || n == 0 {
		return s
	}
	found := Count(s, old)
	if found == 0 {
		return s
	}
	if n < 0 || n > found {
		n = found
	}
	buf := make([]byte, 0, len(s)+n*(len(new)-len(old)))
	for i := 0; i < n; i++ {
		at := 0
		if old != "" {
			at = Index(s, old)
		} else if i > 0 {
			_, at = utf8.DecodeRuneInString(s)
		}
		buf = append(buf, s[:at]...)
		buf = append(buf, new...)
		s = s[at+len(old):]
	}
	buf = append(buf, s...)
	return bytesToStringNoCopy(buf)
}

// ReplaceAll returns s with all instances of old replaced by new.
func ReplaceAll(s, old, new string) string { return Replace(s, old, new, -1) }

// Map returns s with every code point replaced by mapping(c); negative results
// drop the code point. An unchanged string is returned as it is.
func Map(mapping func(rune) rune, s string) string {
	for i, c := range s {
		mapped := mapping(c)
		// An invalid byte reads as RuneError: mapping it to itself makes a
		// real replacement character of it.
		if mapped == c && (c != utf8.RuneError || !invalidByteAt(s, i)) {
			continue
		}
		return mapFrom(mapping, s, i, mapped)
	}
	return s
}

func invalidByteAt(s string, at int) bool {
	_, size := utf8.DecodeRuneInString(s[at:])
	return size == 1
}

// mapFrom continues Map at the first changed code point, which is at index at
// and becomes mapped.
func mapFrom(mapping func(rune) rune, s string, at int, mapped rune) string {
	buf := make([]byte, 0, len(s)+utf8.UTFMax)
	buf = append(buf, s[:at]...)
	if mapped >= 0 {
		buf = utf8.AppendRune(buf, mapped)
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	for _, c := range s[at+size:] {
		if mapped := mapping(c); mapped >= 0 {
			buf = utf8.AppendRune(buf, mapped)
		}
	}
	return bytesToStringNoCopy(buf)
}

// ToUpper maps all letters to upper case.
func ToUpper(s string) string {
	change := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return Map(unicode.ToUpper, s)
		}
		change = change || 'a' <= c && c <= 'z'
	}
	if !change {
		return s
	}
	buf := make([]byte, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		buf[i] = c
	}
	return bytesToStringNoCopy(buf)
}

// ToLower maps all letters to lower case.
func ToLower(s string) string {
	change := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			return Map(unicode.ToLower, s)
		}
		change = change || 'A' <= c && c <= 'Z'
	}
	if !change {
		return s
	}
	buf := make([]byte, len(s))
	for i := 0; i < len(s); i++ {
		buf[i] = lowerASCII(s[i])
	}
	return bytesToStringNoCopy(buf)
}

// ToTitle maps all letters to title case.
func ToTitle(s string) string { return Map(unicode.ToTitle, s) }

// ToUpperSpecial maps to upper case with the special mappings of c first.
func ToUpperSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToUpper, s) }

// ToLowerSpecial maps to lower case with the special mappings of c first.
func ToLowerSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToLower, s) }

// ToTitleSpecial maps to title case with the special mappings of c first.
func ToTitleSpecial(c unicode.SpecialCase, s string) string { return Map(c.ToTitle, s) }

// ToValidUTF8 replaces every run of invalid bytes by replacement.
func ToValidUTF8(s, replacement string) string {
	if utf8.ValidString(s) {
		return s
	}
	buf := make([]byte, 0, len(s)+len(replacement))
	invalid := false
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if c == utf8.RuneError && size == 1 {
			if !invalid {
				buf = append(buf, replacement...)
			}
			invalid = true
		} else {
			buf = append(buf, s[i:i+size]...)
			invalid = false
		}
		i += size
	}
	return bytesToStringNoCopy(buf)
}

// Title maps the first letter of every word to title case. Words are told
// apart by a simple rule: see separatesWords.
func Title(s string) string {
	before := ' '
	return Map(func(c rune) rune {
		first := separatesWords(before)
		before = c
		if first {
			return unicode.ToTitle(c)
		}
		return c
	}, s)
}

// separatesWords reports whether c ends a word for Title: ASCII other than
// letters, digits and underscore, and Unicode white space.
func separatesWords(c rune) bool {
	if c < utf8.RuneSelf {
		return !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_')
	}
	if unicode.IsLetter(c) || unicode.IsDigit(c) {
		return false
	}
	return unicode.IsSpace(c)
}
