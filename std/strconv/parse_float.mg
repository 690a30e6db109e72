package strconv

// ParseFloat reads a float, a float32 if bitSize is 32: decimal or hexadecimal (then with a p exponent), with underscores
// where a Go literal may have them, or inf, infinity, nan in any case. What is too large is ±Inf with ErrRange.
func ParseFloat(s string, bitSize int) (float64, error) {
	f, length, err := parseFloatPrefix(s, bitSize)
	if length != len(s) && (err == nil || err.(*NumError).Err != ErrSyntax) {
		return 0, syntaxError("ParseFloat", s)
	}
	return f, err
}

// commonPrefix returns how far s goes along with word, which is lower case, in any case.
func commonPrefix(s, word string) int {
	n := 0
	for n < len(s) && n < len(word) && s[n]|0x20 == word[n] {
		n++
	}
	return n
}

// specialFloat reads inf, infinity and nan; length 0 if s starts with none.
func specialFloat(s string) (f float64, length int) {
	sign := 0
	if len(s) > 0 && (s[0] == '+' || s[0] == '-') {
		sign = 1
	}
	n := commonPrefix(s[sign:], "infinity")
	if n == 8 || n >= 3 {
		if n < 8 {
			n = 3
		}
		if s[0] == '-' {
			return floatFromBits(0xFFF0000000000000), sign + n
		}
		return floatFromBits(0x7FF0000000000000), sign + n
	}
	if sign == 0 && commonPrefix(s, "nan") == 3 {
		return floatFromBits(0x7FF8000000000001), 3
	}
	return 0, 0
}

// parseFloatPrefix reads the longest float s starts with, and how long it is.
func parseFloatPrefix(s string, bitSize int) (f float64, length int, err error) {
	if f, length := specialFloat(s); length > 0 {
		if bitSize == 32 {
			f = float64(float32(f)) // a NaN keeps only the upper bits
		}
		return f, length, nil
	}
	i := 0
	negative := false
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		negative = s[i] == '-'
		i++
	}
	hex := i+2 < len(s) && s[i] == '0' && s[i+1]|0x20 == 'x'
	if hex {
		i += 2
	}
	start := i
	underscores, sawPoint, sawDigits := false, false, false
	for ; i < len(s); i++ {
		c := s[i]
		if c == '_' {
			underscores = true
		} else if c == '.' && !sawPoint {
			sawPoint = true
		} else if '0' <= c && c <= '9' || hex && 'a' <= c|0x20 && c|0x20 <= 'f' {
			sawDigits = true
		} else {
			break
		}
	}
	if !sawDigits {
		return 0, 0, syntaxError("ParseFloat", s)
	}
	mantissaEnd := i
	letter := byte('e')
	if hex {
		letter = 'p'
	}
	exponent := 0
	hasExponent := false
	if i < len(s) && s[i]|0x20 == letter {
		j := i + 1
		exponentSign := 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			if s[j] == '-' {
				exponentSign = -1
			}
			j++
		}
		if j >= len(s) || s[j] < '0' || s[j] > '9' {
			return 0, 0, syntaxError("ParseFloat", s)
		}
		for ; j < len(s) && ('0' <= s[j] && s[j] <= '9' || s[j] == '_'); j++ {
			if s[j] == '_' {
				underscores = true
			} else if exponent < 100000000 { // beyond every float, whatever the mantissa that fits in memory
				exponent = exponent*10 + int(s[j]-'0')
			}
		}
		exponent *= exponentSign
		hasExponent = true
		i = j
	}
	if hex && !hasExponent {
		return 0, 0, syntaxError("ParseFloat", s)
	}
	if underscores && !underscoresAllowed(s[:i]) {
		return 0, 0, syntaxError("ParseFloat", s)
	}
	if hex {
		f = hexToFloat(s[start:mantissaEnd], exponent, bitSize)
	} else {
		text := s[start:i]
		if underscores {
			text = withoutUnderscores(text)
		}
		f = decimalToFloat(text, bitSize)
	}
	if f > maxFloat64 {
		err = rangeError("ParseFloat", s)
	}
	if negative {
		f = -f
	}
	return f, i, err
}

func withoutUnderscores(s string) string {
	kept := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != '_' {
			kept = append(kept, s[i])
		}
	}
	return string(kept)
}

// hexToFloat returns digits (with at most one point, and underscores) times 2^exponent, rounded to nearest even.
func hexToFloat(digits string, exponent, bitSize int) float64 {
	// 60 bits of mantissa and one for everything below them.
	var mantissa uint64
	sawPoint := false
	for i := range len(digits) {
		c := digits[i]
		if c == '_' {
			continue
		}
		if c == '.' {
			sawPoint = true
			continue
		}
		digit := uint64(c - '0')
		if c > '9' {
			digit = uint64(c|0x20-'a') + 10
		}
		if sawPoint {
			exponent -= 4
		}
		if mantissa < 1<<56 {
			mantissa = mantissa<<4 | digit
		} else {
			exponent += 4
			if digit != 0 {
				mantissa |= 1
			}
		}
	}
	if mantissa == 0 {
		return 0
	}
	mantissaBits, bias := mantissaBits64, bias64
	if bitSize == 32 {
		mantissaBits, bias = mantissaBits32, bias32
	}
	// Bring the leading bit to mantissaBits + 2, keeping what falls off as one sticky bit.
	for mantissa < 1<<uint(mantissaBits+2) {
		mantissa <<= 1
		exponent--
	}
	for mantissa >= 1<<uint(mantissaBits+3) {
		mantissa = mantissa>>1 | mantissa&1
		exponent++
	}
	for exponent+mantissaBits+2 < 1-bias && mantissa > 1 { // denormal
		mantissa = mantissa>>1 | mantissa&1
		exponent++
	}
	round := mantissa & 3
	mantissa >>= 2
	exponent += 2
	if round == 3 || round == 2 && mantissa&1 == 1 {
		mantissa++
	}
	if mantissa == 1<<uint(mantissaBits+1) {
		mantissa >>= 1
		exponent++
	}
	// Now the value is mantissa * 2^exponent, exactly. As a float64:
	if exponent+mantissaBits > bias {
		return floatFromBits(0x7FF0000000000000)
	}
	f := float64(mantissa)
	for exponent < -1000 {
		f *= 0x1p-500 * 0x1p-500
		exponent += 1000
		if f == 0 {
			return 0
		}
	}
	return f * floatFromBits(uint64(exponent+bias64)<<mantissaBits64)
}
