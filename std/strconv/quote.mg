package strconv

import "unicode/utf8"

const lowerHex = "0123456789abcdef"

// appendQuoted appends s between quotes, with escapes for what is not printable (or not ASCII, or not graphic).
func appendQuoted(dst []byte, s string, quote byte, asciiOnly, graphicOnly bool) []byte {
	dst = append(dst, quote)
	for len(s) > 0 {
		r, width := rune(s[0]), 1
		if r >= utf8.RuneSelf {
			r, width = utf8.DecodeRuneInString(s)
		}
		if width == 1 && r == utf8.RuneError {
			dst = append(dst, '\\', 'x', lowerHex[s[0]>>4], lowerHex[s[0]&0xF])
		} else {
			dst = appendEscaped(dst, r, quote, asciiOnly, graphicOnly)
		}
		s = s[width:]
	}
	return append(dst, quote)
}

func appendQuotedRune(dst []byte, r rune, asciiOnly, graphicOnly bool) []byte {
	dst = append(dst, '\'')
	if !utf8.ValidRune(r) {
		r = utf8.RuneError
	}
	dst = appendEscaped(dst, r, '\'', asciiOnly, graphicOnly)
	return append(dst, '\'')
}

func appendEscaped(dst []byte, r rune, quote byte, asciiOnly, graphicOnly bool) []byte {
	if r == rune(quote) || r == '\\' {
		return append(dst, '\\', byte(r))
	}
	if asciiOnly {
		if r < utf8.RuneSelf && IsPrint(r) {
			return append(dst, byte(r))
		}
	} else if IsPrint(r) || graphicOnly && isGraphicSpace(r) {
		return utf8.AppendRune(dst, r)
	}
	switch r {
	case '\a':
		return append(dst, `\a`...)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	case '\v':
		return append(dst, `\v`...)
	}
	digits := 4
	switch {
	case r < ' ' || r == 0x7f:
		dst = append(dst, `\x`...)
		digits = 2
	case !utf8.ValidRune(r):
		r = utf8.RuneError
		dst = append(dst, `\u`...)
	case r < 0x10000:
		dst = append(dst, `\u`...)
	default:
		dst = append(dst, `\U`...)
		digits = 8
	}
	for shift := (digits - 1) * 4; shift >= 0; shift -= 4 {
		dst = append(dst, lowerHex[r>>uint(shift)&0xF])
	}
	return dst
}

// Quote returns s as a Go string literal; what is not printable is escaped.
func Quote(s string) string { return string(AppendQuote(nil, s)) }

// AppendQuote appends Quote's text to dst.
func AppendQuote(dst []byte, s string) []byte { return appendQuoted(dst, s, '"', false, false) }

// QuoteToASCII returns s as a Go string literal; what is not printable ASCII is escaped.
func QuoteToASCII(s string) string { return string(AppendQuoteToASCII(nil, s)) }

// AppendQuoteToASCII appends QuoteToASCII's text to dst.
func AppendQuoteToASCII(dst []byte, s string) []byte { return appendQuoted(dst, s, '"', true, false) }

// QuoteToGraphic returns s as a Go string literal; what is not graphic by Unicode is escaped.
func QuoteToGraphic(s string) string { return string(AppendQuoteToGraphic(nil, s)) }

// AppendQuoteToGraphic appends QuoteToGraphic's text to dst.
func AppendQuoteToGraphic(dst []byte, s string) []byte { return appendQuoted(dst, s, '"', false, true) }

// QuoteRune returns r as a Go character literal; what is not printable is escaped.
func QuoteRune(r rune) string { return string(AppendQuoteRune(nil, r)) }

// AppendQuoteRune appends QuoteRune's text to dst.
func AppendQuoteRune(dst []byte, r rune) []byte { return appendQuotedRune(dst, r, false, false) }

// QuoteRuneToASCII returns r as a Go character literal; what is not printable ASCII is escaped.
func QuoteRuneToASCII(r rune) string { return string(AppendQuoteRuneToASCII(nil, r)) }

// AppendQuoteRuneToASCII appends QuoteRuneToASCII's text to dst.
func AppendQuoteRuneToASCII(dst []byte, r rune) []byte { return appendQuotedRune(dst, r, true, false) }

// QuoteRuneToGraphic returns r as a Go character literal; what is not graphic by Unicode is escaped.
func QuoteRuneToGraphic(r rune) string { return string(AppendQuoteRuneToGraphic(nil, r)) }

// AppendQuoteRuneToGraphic appends QuoteRuneToGraphic's text to dst.
func AppendQuoteRuneToGraphic(dst []byte, r rune) []byte {
	return appendQuotedRune(dst, r, false, true)
}

// CanBackquote reports whether s can stand in a raw string literal, on one line.
func CanBackquote(s string) bool {
	for i := 0; i < len(s); {
		r, width := utf8.DecodeRuneInString(s[i:])
		i += width
		if width > 1 {
			if r == '\uFEFF' {
				return false
			}
			continue
		}
		if r == utf8.RuneError || r < ' ' && r != '\t' || r == '`' || r == 0x7F {
			return false
		}
	}
	return true
}

func hexValue(c byte) (value rune, ok bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10, true
	}
	return 0, false
}

// UnquoteChar decodes the first character of an escaped string: its value, whether its UTF-8 form takes several bytes, and
// the rest. quote is the quote that must be, and may be, escaped; with 0 both quotes stand for themselves only unescaped.
func UnquoteChar(s string, quote byte) (value rune, multibyte bool, tail string, err error) {
	if s == "" {
		return 0, false, "", ErrSyntax
	}
	c := s[0]
	switch {
	case c == quote && (quote == '\'' || quote == '"'):
		return 0, false, "", ErrSyntax
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRuneInString(s)
		return r, true, s[size:], nil
	case c != '\\':
		return rune(c), false, s[1:], nil
	}
	if len(s) == 1 {
		return 0, false, "", ErrSyntax
	}
	c = s[1]
	s = s[2:]
	switch c {
	case 'a':
		value = '\a'
	case 'b':
		value = '\b'
	case 'f':
		value = '\f'
	case 'n':
		value = '\n'
	case 'r':
		value = '\r'
	case 't':
		value = '\t'
	case 'v':
		value = '\v'
	case 'x', 'u', 'U':
		digits := 2
		if c == 'u' {
			digits = 4
		} else if c == 'U' {
			digits = 8
		}
		if len(s) < digits {
			return 0, false, "", ErrSyntax
		}
		for i := range digits {
			digit, ok := hexValue(s[i])
			if !ok {
				return 0, false, "", ErrSyntax
			}
			value = value<<4 | digit
		}
		s = s[digits:]
		if c == 'x' {
			break // a byte, not a code point
		}
		if !utf8.ValidRune(value) {
			return 0, false, "", ErrSyntax
		}
		multibyte = true
	case '0', '1', '2', '3', '4', '5', '6', '7':
		value = rune(c - '0')
		if len(s) < 2 {
			return 0, false, "", ErrSyntax
		}
		for i := range 2 {
			if s[i] < '0' || s[i] > '7' {
				return 0, false, "", ErrSyntax
			}
			value = value<<3 | rune(s[i]-'0')
		}
		s = s[2:]
		if value > 255 {
			return 0, false, "", ErrSyntax
		}
	case '\\':
		value = '\\'
	case '\'', '"':
		if c != quote {
			return 0, false, "", ErrSyntax
		}
		value = rune(c)
	default:
		return 0, false, "", ErrSyntax
	}
	return value, multibyte, s, nil
}

// QuotedPrefix returns the string or character literal that s starts with, as it stands there.
func QuotedPrefix(s string) (string, error) {
	_, length, ok := unquotePrefix(s)
	if !ok {
		return "", ErrSyntax
	}
	return s[:length], nil
}

// Unquote returns what a string literal, raw or not, or a character literal stands for.
func Unquote(s string) (string, error) {
	text, length, ok := unquotePrefix(s)
	if !ok || length != len(s) {
		return "", ErrSyntax
	}
	return text, nil
}

// unquotePrefix decodes the literal s starts with, and returns its length.
func unquotePrefix(s string) (text string, length int, ok bool) {
	if len(s) < 2 {
		return "", 0, false
	}
	quote := s[0]
	switch quote {
	case '`':
		hasReturn := false
		for i := 1; i < len(s); i++ {
			if s[i] == '\r' {
				hasReturn = true
			}
			if s[i] != '`' {
				continue
			}
			if !hasReturn {
				return s[1:i], i + 1, true
			}
			var kept []byte // a raw literal has no carriage returns
			for j := 1; j < i; j++ {
				if s[j] != '\r' {
					kept = append(kept, s[j])
				}
			}
			return string(kept), i + 1, true
		}
		return "", 0, false
	case '"', '\'':
	default:
		return "", 0, false
	}
	var out []byte
	rest := s[1:]
	for count := 0; ; count++ {
		if rest == "" || rest[0] == '\n' {
			return "", 0, false
		}
		if rest[0] == quote {
			return string(out), len(s) - len(rest) + 1, true
		}
		if quote == '\'' && count == 1 {
			return "", 0, false
		}
		if quote == '"' && rest[0] != '\\' && rest[0] < utf8.RuneSelf {
			out = append(out, rest[0])
			rest = rest[1:]
			continue
		}
		r, multibyte, tail, err := UnquoteChar(rest, quote)
		if err != nil {
			return "", 0, false
		}
		if r < utf8.RuneSelf || !multibyte {
			out = append(out, byte(r))
		} else {
			out = utf8.AppendRune(out, r)
		}
		rest = tail
	}
}

// IsGraphic reports whether Unicode calls r graphic: letters, marks, numbers, punctuation, symbols and spaces.
func IsGraphic(r rune) bool { return IsPrint(r) || isGraphicSpace(r) }

// isGraphicSpace reports whether r is a space that is graphic but not printable for Go: all but the ASCII space.
func isGraphicSpace(r rune) bool {
	switch r {
	case 0xA0, 0x1680, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}
