package strconv

// IntSize is the width of int and uint in bits.
const IntSize = 64

const digitLetters = "0123456789abcdefghijklmnopqrstuvwxyz"

// appendDigits appends the magnitude in a base from 2 to 36, behind a minus if negative.
func appendDigits(dst []byte, magnitude uint64, base int, negative bool) []byte {
	if base < 2 || base > len(digitLetters) {
		panic("strconv: illegal AppendInt/FormatInt base")
	}
	var buffer [65]byte // a sign and 64 binary digits
	i := len(buffer)
	if base == 10 {
		for magnitude >= 10 {
			i--
			rest := magnitude / 10
			buffer[i] = byte('0' + magnitude - rest*10)
			magnitude = rest
		}
	} else {
		b := uint64(base)
		for magnitude >= b {
			i--
			buffer[i] = digitLetters[magnitude%b]
			magnitude /= b
		}
	}
	i--
	buffer[i] = digitLetters[magnitude]
	if negative {
		i--
		buffer[i] = '-'
	}
	return append(dst, buffer[i:]...)
}

func appendSigned(dst []byte, i int64, base int) []byte {
	if i < 0 {
		return appendDigits(dst, -uint64(i), base, true)
	}
	return appendDigits(dst, uint64(i), base, false)
}

// Itoa returns i in decimal.
func Itoa(i int) string { return FormatInt(int64(i), 10) }

// FormatInt returns i in a base from 2 to 36, in lower case.
func FormatInt(i int64, base int) string {
	if 0 <= i && i < 10 && 10 <= base && base <= 36 {
		return digitLetters[i : i+1]
	}
	var buffer [65]byte
	return string(appendSigned(buffer[:0], i, base))
}

// FormatUint returns i in a base from 2 to 36, in lower case.
func FormatUint(i uint64, base int) string {
	var buffer [65]byte
	return string(appendDigits(buffer[:0], i, base, false))
}

// AppendInt appends FormatInt's text to dst.
func AppendInt(dst []byte, i int64, base int) []byte { return appendSigned(dst, i, base) }

// AppendUint appends FormatUint's text to dst.
func AppendUint(dst []byte, i uint64, base int) []byte { return appendDigits(dst, i, base, false) }

// Atoi is ParseInt(s, 10, 0) as an int.
func Atoi(s string) (int, error) {
	// Up to 18 digits nothing can overflow.
	if len(s) > 0 && len(s) < 19 {
		start := 0
		if s[0] == '-' || s[0] == '+' {
			start = 1
		}
		n := 0
		i := start
		for ; i < len(s); i++ {
			digit := s[i] - '0'
			if digit > 9 {
				break
			}
			n = n*10 + int(digit)
		}
		if i == len(s) && i > start {
			if s[0] == '-' {
				n = -n
			}
			return n, nil
		}
		return 0, syntaxError("Atoi", s)
	}
	n, err := ParseInt(s, 10, 0)
	if e, ok := err.(*NumError); ok {
		e.Func = "Atoi"
	}
	return int(n), err
}

// ParseUint reads s in a base from 2 to 36, or in the base its prefix names (then with underscores) if base is 0. The
// value must fit bitSize bits, 0 meaning 64; if it does not the largest one comes with ErrRange.
func ParseUint(s string, base int, bitSize int) (uint64, error) {
	return parseMagnitude("ParseUint", s, s, base, bitSize)
}

// parseMagnitude does ParseUint's work on s; whole is what errors show.
func parseMagnitude(function, s, whole string, base int, bitSize int) (uint64, error) {
	if s == "" {
		return 0, syntaxError(function, whole)
	}
	byPrefix := base == 0
	digits := s
	switch {
	case 2 <= base && base <= 36:
	case byPrefix:
		base = 10
		if s[0] == '0' {
			switch {
			case len(s) >= 3 && s[1]|0x20 == 'b':
				base, digits = 2, s[2:]
			case len(s) >= 3 && s[1]|0x20 == 'o':
				base, digits = 8, s[2:]
			case len(s) >= 3 && s[1]|0x20 == 'x':
				base, digits = 16, s[2:]
			default:
				base, digits = 8, s[1:]
			}
		}
	default:
		return 0, baseError(function, whole, base)
	}
	if bitSize == 0 {
		bitSize = IntSize
	} else if bitSize < 0 || bitSize > 64 {
		return 0, bitSizeError(function, whole, bitSize)
	}
	const largest = 1<<64 - 1
	overflow := uint64(largest)/uint64(base) + 1 // from here on times base is too much
	limit := uint64(1)<<uint(bitSize) - 1
	underscores := false
	var n uint64
	for i := range len(digits) {
		c := digits[i]
		var digit byte
		switch {
		case c == '_' && byPrefix:
			underscores = true
			continue
		case '0' <= c && c <= '9':
			digit = c - '0'
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			digit = c | 0x20 - 'a' + 10
		default:
			return 0, syntaxError(function, whole)
		}
		if int(digit) >= base {
			return 0, syntaxError(function, whole)
		}
		if n >= overflow {
			return limit, rangeError(function, whole)
		}
		n *= uint64(base)
		sum := n + uint64(digit)
		if sum < n || sum > limit {
			return limit, rangeError(function, whole)
		}
		n = sum
	}
	if underscores && !underscoresAllowed(s) {
		return 0, syntaxError(function, whole)
	}
	return n, nil
}

// ParseInt is ParseUint for signed values, with an optional sign.
func ParseInt(s string, base int, bitSize int) (i int64, err error) {
	if s == "" {
		return 0, syntaxError("ParseInt", s)
	}
	digits := s
	negative := s[0] == '-'
	if negative || s[0] == '+' {
		digits = s[1:]
	}
	magnitude, err := parseMagnitude("ParseInt", digits, s, base, bitSize)
	if err != nil {
		if e, ok := err.(*NumError); !ok || e.Err != ErrRange {
			return 0, err
		}
	}
	if bitSize == 0 {
		bitSize = IntSize
	}
	bound := uint64(1) << uint(bitSize-1)
	if !negative && magnitude >= bound {
		return int64(bound - 1), rangeError("ParseInt", s)
	}
	if negative && magnitude > bound {
		return -int64(bound), rangeError("ParseInt", s)
	}
	if negative {
		return -int64(magnitude), nil
	}
	return int64(magnitude), nil
}

// underscoresAllowed reports whether every underscore of a literal stands between digits, or between prefix and digit.
func underscoresAllowed(s string) bool {
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	afterDigit := false // the prefix counts as one
	hex := false
	if len(s) >= 2 && s[0] == '0' {
		switch s[1] | 0x20 {
		case 'b', 'o', 'x':
			hex = s[1]|0x20 == 'x'
			afterDigit = true
			s = s[2:]
		}
	}
	afterUnderscore := false
	for i := range len(s) {
		c := s[i]
		switch {
		case '0' <= c && c <= '9' || hex && 'a' <= c|0x20 && c|0x20 <= 'f':
			afterDigit, afterUnderscore = true, false
		case c == '_':
			if !afterDigit {
				return false
			}
			afterDigit, afterUnderscore = false, true
		default:
			if afterUnderscore {
				return false
			}
			afterDigit = false
		}
	}
	return !afterUnderscore
}

// ParseBool takes 1, t, T, true, TRUE, True and 0, f, F, false, FALSE, False.
func ParseBool(str string) (bool, error) {
	switch str {
	case "1", "t", "T", "true", "TRUE", "True":
		return true, nil
	case "0", "f", "F", "false", "FALSE", "False":
		return false, nil
	}
	return false, syntaxError("ParseBool", str)
}

// FormatBool returns true or false.
func FormatBool(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// AppendBool appends true or false to dst.
func AppendBool(dst []byte, b bool) []byte { return append(dst, FormatBool(b)...) }
