// Package utf8 translates between runes and UTF-8 byte sequences.
//
// Anything but the shortest encoding of a code point outside the surrogates is invalid, and decodes to RuneError of
// width 1, one byte at a time.
package utf8

// Limits of the encoding.
const (
	RuneError = '\uFFFD'
	RuneSelf  = 0x80
	MaxRune   = '\U0010FFFF'
	UTFMax    = 4
)

const (
	surrogateMin = 0xD800
	surrogateMax = 0xDFFF
)

// sequence returns, for a first byte, the length of its sequence and the range of the second byte; length 0 if no
// sequence starts with it. The narrow ranges shut out overlong forms, surrogates and what is past MaxRune.
func sequence(first byte) (length int, low, high byte) {
	switch {
	case first < RuneSelf:
		return 1, 0, 0
	case first < 0xC2:
		return 0, 0, 0
	case first < 0xE0:
		return 2, 0x80, 0xBF
	case first == 0xE0:
		return 3, 0xA0, 0xBF
	case first == 0xED:
		return 3, 0x80, 0x9F
	case first < 0xF0:
		return 3, 0x80, 0xBF
	case first == 0xF0:
		return 4, 0x90, 0xBF
	case first < 0xF4:
		return 4, 0x80, 0xBF
	case first == 0xF4:
		return 4, 0x80, 0x8F
	}
	return 0, 0, 0
}

func isContinuation(b byte) bool { return b&0xC0 == 0x80 }

// FullRune reports whether p begins with a whole encoding; an invalid one counts as whole.
func FullRune(p []byte) bool {
	if len(p) == 0 {
		return false
	}
	length, low, high := sequence(p[0])
	if len(p) >= length {
		return true
	}
	if len(p) > 1 && (p[1] < low || p[1] > high) {
		return true
	}
	return len(p) > 2 && !isContinuation(p[2])
}

// FullRuneInString is FullRune for a string.
func FullRuneInString(s string) bool {
	if len(s) > UTFMax {
		s = s[:UTFMax]
	}
	return FullRune([]byte(s))
}

// DecodeRune returns the first rune of p and its width: RuneError and 0 if p is empty, RuneError and 1 if it is invalid.
func DecodeRune(p []byte) (rune, int) {
	if len(p) == 0 {
		return RuneError, 0
	}
	first := p[0]
	if first < RuneSelf {
		return rune(first), 1
	}
	length, low, high := sequence(first)
	if length == 0 || len(p) < length || p[1] < low || p[1] > high {
		return RuneError, 1
	}
	if length == 2 {
		return rune(first&0x1F)<<6 | rune(p[1]&0x3F), 2
	}
	if !isContinuation(p[2]) {
		return RuneError, 1
	}
	if length == 3 {
		return rune(first&0x0F)<<12 | rune(p[1]&0x3F)<<6 | rune(p[2]&0x3F), 3
	}
	if !isContinuation(p[3]) {
		return RuneError, 1
	}
	return rune(first&0x07)<<18 | rune(p[1]&0x3F)<<12 | rune(p[2]&0x3F)<<6 | rune(p[3]&0x3F), 4
}

// DecodeRuneInString is DecodeRune for a string.
func DecodeRuneInString(s string) (rune, int) {
	if len(s) == 0 {
		return RuneError, 0
	}
	first := s[0]
	if first < RuneSelf {
		return rune(first), 1
	}
	length, low, high := sequence(first)
	if length == 0 || len(s) < length || s[1] < low || s[1] > high {
		return RuneError, 1
	}
	if length == 2 {
		return rune(first&0x1F)<<6 | rune(s[1]&0x3F), 2
	}
	if !isContinuation(s[2]) {
		return RuneError, 1
	}
	if length == 3 {
		return rune(first&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	if !isContinuation(s[3]) {
		return RuneError, 1
	}
	return rune(first&0x07)<<18 | rune(s[1]&0x3F)<<12 | rune(s[2]&0x3F)<<6 | rune(s[3]&0x3F), 4
}

// DecodeLastRune returns the last rune of p and its width, with DecodeRune's results for no and invalid bytes.
func DecodeLastRune(p []byte) (rune, int) {
	end := len(p)
	if end == 0 {
		return RuneError, 0
	}
	limit := max(0, end-UTFMax)
	for start := end - 1; start >= limit; start-- {
		if RuneStart(p[start]) {
			r, size := DecodeRune(p[start:])
			if start+size == end {
				return r, size
			}
			break
		}
	}
	return RuneError, 1
}

// DecodeLastRuneInString is DecodeLastRune for a string.
func DecodeLastRuneInString(s string) (rune, int) {
	end := len(s)
	if end == 0 {
		return RuneError, 0
	}
	limit := max(0, end-UTFMax)
	for start := end - 1; start >= limit; start-- {
		if RuneStart(s[start]) {
			r, size := DecodeRuneInString(s[start:])
			if start+size == end {
				return r, size
			}
			break
		}
	}
	return RuneError, 1
}

// RuneLen returns the length of r's encoding, -1 if r has none.
func RuneLen(r rune) int {
	switch {
	case r < 0:
		return -1
	case r < RuneSelf:
		return 1
	case r < 0x800:
		return 2
	case surrogateMin <= r && r <= surrogateMax:
		return -1
	case r < 0x10000:
		return 3
	case r <= MaxRune:
		return 4
	}
	return -1
}

// EncodeRune writes r's encoding (RuneError's if it has none) to p and returns its length. It panics if p is too short.
func EncodeRune(p []byte, r rune) int {
	switch RuneLen(r) {
	case 1:
		p[0] = byte(r)
		return 1
	case 2:
		_ = p[1]
		p[0] = 0xC0 | byte(r>>6)
		p[1] = 0x80 | byte(r)&0x3F
		return 2
	case 4:
		_ = p[3]
		p[0] = 0xF0 | byte(r>>18)
		p[1] = 0x80 | byte(r>>12)&0x3F
		p[2] = 0x80 | byte(r>>6)&0x3F
		p[3] = 0x80 | byte(r)&0x3F
		return 4
	case -1:
		r = RuneError
	}
	_ = p[2]
	p[0] = 0xE0 | byte(r>>12)
	p[1] = 0x80 | byte(r>>6)&0x3F
	p[2] = 0x80 | byte(r)&0x3F
	return 3
}

// AppendRune appends r's encoding (RuneError's if it has none) to p.
func AppendRune(p []byte, r rune) []byte {
	switch RuneLen(r) {
	case 1:
		return append(p, byte(r))
	case 2:
		return append(p, 0xC0|byte(r>>6), 0x80|byte(r)&0x3F)
	case 4:
		return append(p, 0xF0|byte(r>>18), 0x80|byte(r>>12)&0x3F, 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	case -1:
		r = RuneError
	}
	return append(p, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
}

// RuneCount returns the number of runes in p; every invalid byte counts as one.
func RuneCount(p []byte) int {
	count := 0
	for i := 0; i < len(p); count++ {
		if p[i] < RuneSelf {
			i++
			continue
		}
		_, size := DecodeRune(p[i:])
		i += size
	}
	return count
}

// RuneCountInString is RuneCount for a string.
func RuneCountInString(s string) (n int) {
	for range s {
		n++
	}
	return n
}

// RuneStart reports whether b can be the first byte of an encoding.
func RuneStart(b byte) bool { return !isContinuation(b) }

// Valid reports whether p is nothing but valid encodings.
func Valid(p []byte) bool {
	for i := 0; i < len(p); {
		if p[i] < RuneSelf {
			i++
			continue
		}
		_, size := DecodeRune(p[i:])
		if size == 1 {
			return false
		}
		i += size
	}
	return true
}

// ValidString is Valid for a string.
func ValidString(s string) bool {
	for i := 0; i < len(s); {
		if s[i] < RuneSelf {
			i++
			continue
		}
		_, size := DecodeRuneInString(s[i:])
		if size == 1 {
			return false
		}
		i += size
	}
	return true
}

// ValidRune reports whether r has an encoding.
func ValidRune(r rune) bool { return RuneLen(r) > 0 }
