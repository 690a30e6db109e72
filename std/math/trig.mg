package math

import "math/bits"

// Pi/4 in three parts, each with enough trailing zero bits that its product
// with a small integer is exact (Cody and Waite's reduction; Cephes, sin.c).
const (
	quarterPiHigh   = 7.85398125648498535156e-1
	quarterPiMiddle = 3.77489470793079817668e-8
	quarterPiLow    = 2.69515142907905952645e-15
	// exactReductionMax is where that reduction loses too many bits.
	exactReductionMax = 1 << 29
)

// reduceToOctant returns the even number of octants nearest below or above
// x >= 0, modulo 8, and what is left of x, within ±Pi/4.
func reduceToOctant(x float64) (octant uint64, rest float64) {
	if x >= exactReductionMax {
		return reduceHuge(x)
	}
	octant = uint64(x * (4 / Pi))
	whole := float64(octant)
	if octant&1 == 1 {
		octant++
		whole++
	}
	return octant & 7, ((x - whole*quarterPiHigh) - whole*quarterPiMiddle) - whole*quarterPiLow
}

// fourOverPi returns 64 bits of the binary expansion of 4/Pi, word 0 holding
// the integer part.
func fourOverPi(word uint) uint64 {
	const digits = "" +
		"\x00\x00\x00\x00\x00\x00\x00\x01\x45\xf3\x06\xdc\x9c\x88\x2a\x53" +
		"\xf8\x4e\xaf\xa3\xea\x69\xbb\x81\xb6\xc5\x2b\x32\x78\x87\x20\x83" +
		"\xfc\xa2\xc7\x57\xbd\x77\x8a\xc3\x6e\x48\xdc\x74\x84\x9b\xa5\xc0" +
		"\x0c\x92\x5d\xd4\x13\xa3\x24\x39\xfc\x3b\xd6\x39\x62\x53\x4e\x7d" +
		"\xd1\x04\x6b\xea\x5d\x76\x89\x09\xd3\x38\xe0\x4d\x68\xbe\xfc\x82" +
		"\x73\x23\xac\x73\x06\xa6\x73\xe9\x39\x08\xbf\x17\x7b\xf2\x50\x76" +
		"\x3f\xf1\x2f\xff\xbc\x0b\x30\x1f\xde\x5e\x23\x16\xb4\x14\xda\x3e" +
		"\xda\x6c\xfd\x9e\x4f\x96\x13\x6e\x9e\x8c\x7e\xcd\x3c\xbf\xd4\x5a" +
		"\xea\x4f\x75\x8f\xd7\xcb\xe2\xf6\x7a\x0e\x73\xef\x14\xa5\x25\xd4" +
		"\xd7\xf6\xbf\x62\x3f\x1a\xba\x10\xac\x06\x60\x8d\xf8\xf6\xd7\x57"
	value := uint64(0)
	for i := word * 8; i < word*8+8; i++ {
		value = value<<8 | uint64(digits[i])
	}
	return value
}

// reduceHuge is reduceToOctant for large x: it multiplies the fraction of x
// with those bits of 4/Pi that matter (M. Payne and R. Hanek, "Radian Reduction
// for Trigonometric Functions", 1983).
func reduceHuge(x float64) (octant uint64, rest float64) {
	word := Float64bits(x)
	exponent := int(word>>exponentShift&exponentMask) - exponentBias - exponentShift
	fraction := word&fractionMask | 1<<exponentShift
	// Three words of 4/Pi from the first bit whose product with x is below 8.
	first, shift := uint(exponent+61)/64, uint(exponent+61)%64
	a, b, c, d := fourOverPi(first), fourOverPi(first+1), fourOverPi(first+2), fourOverPi(first+3)
	high := a<<shift | b>>(64-shift)
	middle := b<<shift | c>>(64-shift)
	low := c<<shift | d>>(64-shift)
	lowHigh, _ := bits.Mul64(low, fraction)
	middleHigh, middleLow := bits.Mul64(middle, fraction)
	productLow, carry := bits.Add64(middleLow, lowHigh, 0)
	productHigh, _ := bits.Add64(high*fraction, middleHigh, carry)
	octant = productHigh >> 61
	// The bits below the octant are a fraction in [0, 1): make a float of it.
	productHigh = productHigh<<3 | productLow>>61
	zeros := uint(bits.LeadingZeros64(productHigh))
	mantissa := productHigh<<(zeros+1) | productLow>>(64-(zeros+1))
	rest = Float64frombits(mantissa>>(64-exponentShift) | uint64(exponentBias-(zeros+1))<<exponentShift)
	if octant&1 == 1 {
		octant = (octant + 1) & 7
		rest--
	}
	return octant, rest * (Pi / 4)
}

// sineSeries returns the sine of z within ±Pi/4 (Cephes, sin.c).
func sineSeries(z float64) float64 {
	zz := z * z
	return z + z*zz*((((((1.58962301576546568060e-10*zz)+-2.50507477628578072866e-8)*zz+2.75573136213857245213e-6)*zz+-1.98412698295895385996e-4)*zz+8.33333333332211858878e-3)*zz+-1.66666666666666307295e-1)
}

// cosineSeries returns the cosine of z within ±Pi/4 (Cephes, sin.c).
func cosineSeries(z float64) float64 {
	zz := z * z
	return 1.0 - 0.5*zz + zz*zz*((((((-1.13585365213876817300e-11*zz)+2.08757008419747316778e-9)*zz+-2.75573141792967388112e-7)*zz+2.48015872888517045348e-5)*zz+-1.38888888888730564116e-3)*zz+4.16666666666665929218e-2)
}

// Sin returns the sine of x in radians.
func Sin(x float64) float64 {
	if x == 0 || x != x {
		return x
	}
	if IsInf(x, 0) {
		return NaN()
	}
	octant, rest := reduceToOctant(Abs(x))
	var result float64
	if octant&2 != 0 {
		result = cosineSeries(rest)
	} else {
		result = sineSeries(rest)
	}
	if (octant >= 4) != (x < 0) {
		return -result
	}
	return result
}

// Cos returns the cosine of x in radians.
func Cos(x float64) float64 {
	if x-x != 0 {
		return NaN()
	}
	octant, rest := reduceToOctant(Abs(x))
	var result float64
	if octant&2 != 0 {
		result = sineSeries(rest)
	} else {
		result = cosineSeries(rest)
	}
	if octant == 2 || octant == 4 {
		return -result
	}
	return result
}

// Sincos returns Sin(x), Cos(x).
func Sincos(x float64) (sin, cos float64) {
	if x == 0 {
		return x, 1
	}
	return Sin(x), Cos(x)
}

// Tan returns the tangent of x in radians (Cephes, tan.c).
func Tan(x float64) float64 {
	if x == 0 || x != x {
		return x
	}
	if IsInf(x, 0) {
		return NaN()
	}
	octant, z := reduceToOctant(Abs(x))
	result := z
	if zz := z * z; zz > 1e-14 {
		result = z + z*(zz*(((-1.30936939181383777646e4*zz)+1.15351664838587416140e6)*zz+-1.79565251976484877988e7)/((((zz+1.36812963470692954678e4)*zz+-1.32089234440210967447e6)*zz+2.50083801823357915839e7)*zz+-5.38695755929454629881e7))
	}
	if octant&2 != 0 {
		result = -1 / result
	}
	if x < 0 {
		return -result
	}
	return result
}

// arctangentSmall returns the arctangent of x in [0, 0.66] (Cephes, atan.c).
func arctangentSmall(x float64) float64 {
	z := x * x
	z = z * ((((-8.750608600031904122785e-01*z+-1.615753718733365076637e+01)*z+-7.500855792314704667340e+01)*z+-1.228866684490136173410e+02)*z + -6.485021904942025371773e+01) / (((((z+2.485846490142306297962e+01)*z+1.650270098316988542046e+02)*z+4.328810604912902668951e+02)*z+4.853903996359136964868e+02)*z + 1.945506571482613964425e+02)
	return x*z + x
}

// arctangentPositive returns the arctangent of x >= 0.
func arctangentPositive(x float64) float64 {
	const (
		halfPiLow        = 6.123233995736765886130e-17 // Pi/2 less its float64
		tanThreeEighthPi = 2.41421356237309504880
	)
	switch {
	case x <= 0.66:
		return arctangentSmall(x)
	case x > tanThreeEighthPi:
		return Pi/2 - arctangentSmall(1/x) + halfPiLow
	}
	return Pi/4 + arctangentSmall((x-1)/(x+1)) + 0.5*halfPiLow
}

// Atan returns the arctangent of x in radians.
func Atan(x float64) float64 {
	switch {
	case x == 0:
		return x
	case x > 0:
		return arctangentPositive(x)
	}
	return -arctangentPositive(-x)
}

// Asin returns the arcsine of x in radians, by way of the arctangent.
func Asin(x float64) float64 {
	if x == 0 {
		return x
	}
	magnitude := Abs(x)
	if magnitude > 1 {
		return NaN()
	}
	other := Sqrt(1 - magnitude*magnitude)
	var result float64
	if magnitude > 0.7 {
		result = Pi/2 - arctangentPositive(other/magnitude)
	} else {
		result = arctangentPositive(magnitude / other)
	}
	if x < 0 {
		return -result
	}
	return result
}

// Acos returns the arccosine of x in radians.
func Acos(x float64) float64 { return Pi/2 - Asin(x) }

// Atan2 returns the arctangent of y/x, in the quadrant of the point (x, y).
func Atan2(y, x float64) float64 {
	switch {
	case x != x || y != y:
		return NaN()
	case y == 0:
		if x > 0 || x == 0 && !Signbit(x) {
			return Copysign(0, y)
		}
		return Copysign(Pi, y)
	case x == 0:
		return Copysign(Pi/2, y)
	case IsInf(x, 0):
		angle := 0.0
		if IsInf(y, 0) {
			angle = Pi / 4
		}
		if x < 0 {
			if angle == 0 {
				angle = Pi
			} else {
				angle = 3 * Pi / 4
			}
		}
		return Copysign(angle, y)
	case IsInf(y, 0):
		return Copysign(Pi/2, y)
	}
	angle := Atan(y / x)
	if x < 0 {
		if angle <= 0 {
			return angle + Pi
		}
		return angle - Pi
	}
	return angle
}
