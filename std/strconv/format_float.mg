package strconv

// Layout of IEEE 754 floats.
const (
	mantissaBits32 = 23
	mantissaBits64 = 52
	bias32         = 127
	bias64         = 1023
)

// FormatFloat returns the text of f: in the form format ('e', 'E', 'f', 'g', 'G', 'b', 'x', 'X'), with prec digits (of 'g'
// significant ones, else after the point), or if prec is negative the fewest that read back as f, a float32 if bitSize is 32.
func FormatFloat(f float64, fmt byte, prec, bitSize int) string {
	var buffer [32]byte
	return string(AppendFloat(buffer[:0], f, fmt, prec, bitSize))
}

// AppendFloat appends FormatFloat's text to dst.
func AppendFloat(dst []byte, f float64, fmt byte, prec, bitSize int) []byte {
	mantissaBits, bias := mantissaBits64, bias64
	switch bitSize {
	case 32:
		f = float64(float32(f))
		mantissaBits, bias = mantissaBits32, bias32
	case 64:
	default:
		panic("strconv: illegal AppendFloat/FormatFloat bitSize")
	}
	bits := floatBits(f)
	negative := bits>>63 != 0
	if f != f {
		return append(dst, "NaN"...)
	}
	if negative {
		f = -f
	}
	if f > maxFloat64 {
		if negative {
			return append(dst, "-Inf"...)
		}
		return append(dst, "+Inf"...)
	}
	switch fmt {
	case 'e', 'E', 'f', 'g', 'G':
		if negative {
			dst = append(dst, '-')
		}
		return appendDecimal(dst, f, fmt, prec, bitSize)
	case 'b', 'x', 'X':
		if negative {
			dst = append(dst, '-')
		}
		mantissa, exponent := split(f, mantissaBits, bias)
		if fmt == 'b' {
			dst = appendDigits(dst, mantissa, 10, false)
			dst = append(dst, 'p')
			exponent -= mantissaBits
			if exponent >= 0 {
				dst = append(dst, '+')
			}
			return appendSigned(dst, int64(exponent), 10)
		}
		return appendHexFloat(dst, mantissa, exponent, fmt, prec, mantissaBits)
	}
	return append(dst, '%', fmt)
}

const maxFloat64 = 0x1p1023 * (1 + (1 - 0x1p-52))

// split returns f >= 0 as mantissa * 2^(exponent - mantissaBits), as the bits of the narrower format have it: a normal
// mantissa has its leading bit, a denormal one the smallest exponent.
func split(f float64, mantissaBits, bias int) (mantissa uint64, exponent int) {
	bits := floatBits(f)
	exponent = int(bits>>mantissaBits64) - bias64
	mantissa = bits & (1<<mantissaBits64 - 1)
	if exponent > -bias64 {
		mantissa |= 1 << mantissaBits64
	} else {
		exponent++
	}
	mantissa >>= uint(mantissaBits64 - mantissaBits) // exact: a float32 widened has zeros there
	if mantissaBits == mantissaBits32 {
		if f == 0 {
			return 0, 1 - bias
		}
		for exponent < 1-bias { // denormal as a float32
			// Widened denormals are normal: the bits lost above must be kept.
			mantissa = (bits&(1<<mantissaBits64-1) | 1<<mantissaBits64) >> uint(mantissaBits64-mantissaBits+1-bias-exponent)
			exponent = 1 - bias
		}
	}
	return mantissa, exponent
}

// appendDecimal appends f >= 0 in one of the decimal forms.
func appendDecimal(dst []byte, f float64, fmt byte, prec, bitSize int) []byte {
	var buffer [24]byte
	digits := buffer[:0]
	point := 0 // f = 0.digits * 10^point
	shortest := prec < 0
	switch {
	case f == 0:
	case shortest:
		mantissa, exponent := shortestDecimal(f, bitSize)
		digits = appendDigits(digits, mantissa, 10, false)
		point = len(digits) + exponent
	default:
		var text string
		switch fmt {
		case 'e', 'E':
			text, point = exactDecimal(f, true, prec+1)
		case 'f':
			text, point = exactDecimal(f, false, prec)
		default:
			text, point = exactDecimal(f, true, max(prec, 1))
		}
		digits = append(digits, text...)
	}
	switch fmt {
	case 'e', 'E':
		if shortest {
			prec = max(len(digits)-1, 0)
		}
		return appendScientific(dst, digits, point, fmt, prec)
	case 'f':
		if shortest {
			prec = max(len(digits)-point, 0)
		}
		return appendFixed(dst, digits, point, prec)
	}
	if prec == 0 {
		prec = 1
	}
	// %e is used if the exponent is below -4 or at least the precision, which for the shortest form is 6.
	threshold := prec
	if threshold > len(digits) && len(digits) >= point {
		threshold = len(digits)
	}
	if shortest {
		threshold = 6
		prec = 6
	}
	exponent := point - 1
	if exponent < -4 || exponent >= threshold {
		if shortest || prec > len(digits) {
			prec = len(digits)
		}
		return appendScientific(dst, digits, point, fmt+'e'-'g', max(prec-1, 0))
	}
	return appendFixed(dst, digits, point, max(len(digits)-point, 0))
}

// appendScientific appends d.ddde±dd with prec digits behind the point.
func appendScientific(dst, digits []byte, point int, letter byte, prec int) []byte {
	first := byte('0')
	if len(digits) > 0 {
		first = digits[0]
	}
	dst = append(dst, first)
	if prec > 0 {
		dst = append(dst, '.')
		have := min(len(digits), prec+1)
		if have > 1 {
			dst = append(dst, digits[1:have]...)
		}
		for i := max(have, 1); i <= prec; i++ {
			dst = append(dst, '0')
		}
	}
	exponent := point - 1
	if len(digits) == 0 {
		exponent = 0
	}
	dst = append(dst, letter)
	if exponent < 0 {
		dst = append(dst, '-')
		exponent = -exponent
	} else {
		dst = append(dst, '+')
	}
	if exponent < 10 {
		dst = append(dst, '0')
	}
	return appendDigits(dst, uint64(exponent), 10, false)
}

// appendFixed appends ddd.ddd with prec digits behind the point.
func appendFixed(dst, digits []byte, point int, prec int) []byte {
	if point > 0 {
		have := min(len(digits), point)
		dst = append(dst, digits[:have]...)
		for ; have < point; have++ {
			dst = append(dst, '0')
		}
	} else {
		dst = append(dst, '0')
	}
	if prec > 0 {
		dst = append(dst, '.')
		for i := range prec {
			c := byte('0')
			if at := point + i; 0 <= at && at < len(digits) {
				c = digits[at]
			}
			dst = append(dst, c)
		}
	}
	return dst
}

// appendHexFloat appends 0x1.hhhp±dd with prec digits behind the point, or as many as it takes.
func appendHexFloat(dst []byte, mantissa uint64, exponent int, fmt byte, prec, mantissaBits int) []byte {
	if mantissa == 0 {
		exponent = 0
	}
	// The leading 1 goes to bit 60: 15 hexadecimal digits behind it.
	mantissa <<= uint(60 - mantissaBits)
	for mantissa != 0 && mantissa&(1<<60) == 0 {
		mantissa <<= 1
		exponent--
	}
	if prec >= 0 && prec < 15 {
		shift := uint(prec * 4)
		extra := mantissa << shift & (1<<60 - 1)
		mantissa >>= 60 - shift
		if extra|mantissa&1 > 1<<59 {
			mantissa++
		}
		mantissa <<= 60 - shift
		if mantissa&(1<<61) != 0 { // rounded up to 2
			mantissa >>= 1
			exponent++
		}
	}
	const lower, upper = "0123456789abcdef", "0123456789ABCDEF"
	letters := lower
	if fmt == 'X' {
		letters = upper
	}
	dst = append(dst, '0', fmt, '0'+byte(mantissa>>60&1))
	mantissa <<= 4 // drops the leading 1
	if prec < 0 && mantissa != 0 {
		dst = append(dst, '.')
		for mantissa != 0 {
			dst = append(dst, letters[mantissa>>60])
			mantissa <<= 4
		}
	} else if prec > 0 {
		dst = append(dst, '.')
		for range prec {
			dst = append(dst, letters[mantissa>>60])
			mantissa <<= 4
		}
	}
	dst = append(dst, fmt-('x'-'p'))
	if exponent < 0 {
		dst = append(dst, '-')
		exponent = -exponent
	} else {
		dst = append(dst, '+')
	}
	if exponent < 10 {
		dst = append(dst, '0')
	}
	return appendDigits(dst, uint64(exponent), 10, false)
}
