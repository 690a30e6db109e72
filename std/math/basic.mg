package math

// Float64bits returns the IEEE 754 representation of f.
func Float64bits(f float64) uint64

// Float64frombits returns the number with the IEEE 754 representation b.
func Float64frombits(b uint64) float64

// Float32bits returns the IEEE 754 representation of f.
func Float32bits(f float32) uint32

// Float32frombits returns the number with the IEEE 754 representation b.
func Float32frombits(b uint32) float32

// Abs returns the absolute value of x.
func Abs(x float64) float64

// Copysign returns the magnitude of f with the sign of sign.
func Copysign(f, sign float64) float64

// Sqrt returns the square root of x, correctly rounded.
func Sqrt(x float64) float64

// Floor returns the greatest integer not above x.
func Floor(x float64) float64

// Ceil returns the least integer not below x.
func Ceil(x float64) float64

// Trunc returns the integer part of x.
func Trunc(x float64) float64

// RoundToEven returns the nearest integer, ties going to the even one.
func RoundToEven(x float64) float64

// FMA returns x*y + z with one rounding.
func FMA(x, y, z float64) float64

const (
	notANumberBits   = 0x7FF8000000000001
	infinityBits     = 0x7FF0000000000000
	negInfinityBits  = 0xFFF0000000000000
	signBit          = 1 << 63
	exponentShift    = 52
	exponentMask     = 0x7FF
	exponentBias     = 1023
	fractionMask     = 1<<52 - 1
	smallestNormal   = 0x1p-1022
	exponentOfOneBit = 0x3FF << 52
)

// Inf returns positive infinity if sign >= 0 and negative infinity otherwise.
func Inf(sign int) float64 {
	if sign >= 0 {
		return Float64frombits(infinityBits)
	}
	return Float64frombits(negInfinityBits)
}

// NaN returns a value that is not a number.
func NaN() float64 { return Float64frombits(notANumberBits) }

// IsNaN reports whether f is not a number.
func IsNaN(f float64) (is bool) { return f != f }

// IsInf reports whether f is an infinity: positive if sign > 0, negative if
// sign < 0, either if sign == 0.
func IsInf(f float64, sign int) bool {
	return sign >= 0 && f > MaxFloat64 || sign <= 0 && f < -MaxFloat64
}

// Signbit reports whether x is negative or negative zero.
func Signbit(x float64) bool { return Float64bits(x)&signBit != 0 }

// Round returns the nearest integer, ties going away from zero.
func Round(x float64) float64 {
	whole := Trunc(x)
	if Abs(x-whole) >= 0.5 {
		return whole + Copysign(1, x)
	}
	return whole
}

// Max returns the larger of x and y; an infinity wins over NaN.
func Max(x, y float64) float64 {
	switch {
	case IsInf(x, 1) || IsInf(y, 1):
		return Inf(1)
	case x != x || y != y:
		return NaN()
	case x == 0 && y == 0:
		if Signbit(x) {
			return y
		}
		return x
	case x > y:
		return x
	}
	return y
}

// Min returns the smaller of x and y; an infinity wins over NaN.
func Min(x, y float64) float64 {
	switch {
	case IsInf(x, -1) || IsInf(y, -1):
		return Inf(-1)
	case x != x || y != y:
		return NaN()
	case x == 0 && y == 0:
		if Signbit(x) {
			return x
		}
		return y
	case x < y:
		return x
	}
	return y
}

// Dim returns x-y if that is positive and 0 otherwise.
func Dim(x, y float64) float64 {
	difference := x - y
	if difference <= 0 {
		return 0
	}
	return difference
}

// Modf splits f into its integer and fractional parts, both with f's sign.
func Modf(f float64) (integer float64, fractional float64) {
	integer = Trunc(f)
	return integer, Copysign(f-integer, f)
}

// Frexp splits f into a fraction in [½, 1) and a power of two:
// f == frac * 2**exp. Zeros, infinities and NaNs come back with exp 0.
func Frexp(f float64) (frac float64, exp int) {
	if f == 0 || f-f != 0 {
		return f, 0
	}
	if Abs(f) < smallestNormal {
		f *= 1 << 52
		exp = -52
	}
	word := Float64bits(f)
	exp += int(word>>exponentShift&exponentMask) - (exponentBias - 1)
	word = word&^(exponentMask<<exponentShift) | (exponentBias-1)<<exponentShift
	return Float64frombits(word), exp
}

// Ldexp returns frac * 2**exp.
func Ldexp(frac float64, exp int) float64 {
	if frac == 0 || frac-frac != 0 {
		return frac
	}
	if Abs(frac) < smallestNormal {
		frac *= 1 << 52
		exp -= 52
	}
	word := Float64bits(frac)
	exp += int(word>>exponentShift&exponentMask) - exponentBias
	if exp < -1075 {
		return Copysign(0, frac)
	}
	if exp > 1023 {
		return Copysign(Inf(1), frac)
	}
	scale := 1.0
	if exp < -1022 {
		// The result is subnormal: build it 2**53 too big, so that the
		// multiplication rounds it once.
		exp += 53
		scale = 0x1p-53
	}
	word = word&^(exponentMask<<exponentShift) | uint64(exp+exponentBias)<<exponentShift
	return scale * Float64frombits(word)
}

// Logb returns the binary exponent of x.
func Logb(x float64) float64 {
	switch {
	case x == 0:
		return Inf(-1)
	case IsInf(x, 0):
		return Inf(1)
	case x != x:
		return x
	}
	_, exp := Frexp(x)
	return float64(exp - 1)
}

// Ilogb returns the binary exponent of x as an integer: MinInt32 for 0,
// MaxInt32 for infinities and NaN.
func Ilogb(x float64) int {
	switch {
	case x == 0:
		return MinInt32
	case x-x != 0:
		return MaxInt32
	}
	_, exp := Frexp(x)
	return exp - 1
}

// Nextafter returns the next float64 after x towards y.
func Nextafter(x, y float64) (r float64) {
	switch {
	case x != x || y != y:
		return NaN()
	case x == y:
		return x
	case x == 0:
		return Copysign(Float64frombits(1), y)
	case (y > x) == (x > 0):
		return Float64frombits(Float64bits(x) + 1)
	}
	return Float64frombits(Float64bits(x) - 1)
}

// Nextafter32 returns the next float32 after x towards y.
func Nextafter32(x, y float32) (r float32) {
	switch {
	case x != x || y != y:
		return float32(NaN())
	case x == y:
		return x
	case x == 0:
		return float32(Copysign(float64(Float32frombits(1)), float64(y)))
	case (y > x) == (x > 0):
		return Float32frombits(Float32bits(x) + 1)
	}
	return Float32frombits(Float32bits(x) - 1)
}

// Mod returns the remainder of x/y with the sign of x. Every step subtracts a
// multiple of y by a power of two, which is exact.
func Mod(x, y float64) float64 {
	if y == 0 || x-x != 0 || y != y {
		return NaN()
	}
	y = Abs(y)
	yFraction, yExponent := Frexp(y)
	rest := Abs(x)
	for rest >= y {
		fraction, exponent := Frexp(rest)
		if fraction < yFraction {
			exponent--
		}
		rest -= Ldexp(y, exponent-yExponent)
	}
	return Copysign(rest, x)
}

// Remainder returns the IEEE 754 remainder x - n*y with n the integer nearest
// to x/y, ties to even.
func Remainder(x, y float64) float64 {
	if x-x != 0 || y != y || y == 0 {
		return NaN()
	}
	if IsInf(y, 0) {
		return x
	}
	y = Abs(y)
	negative := Signbit(x)
	x = Abs(x)
	if x == y {
		if negative {
			return Copysign(0, -1)
		}
		return 0
	}
	if y <= MaxFloat64/2 {
		x = Mod(x, y+y)
	}
	if y < 2*smallestNormal {
		// Halving y would round: compare twice x instead.
		if x+x > y {
			x -= y
			if x+x >= y {
				x -= y
			}
		}
	} else if half := 0.5 * y; x > half {
		x -= y
		if x >= half {
			x -= y
		}
	}
	if negative {
		return -x
	}
	return x
}

// Hypot returns the square root of p*p + q*q, avoiding overflow in between.
func Hypot(p, q float64) float64 {
	p, q = Abs(p), Abs(q)
	switch {
	case p > MaxFloat64 || q > MaxFloat64:
		return Inf(1)
	case p != p || q != q:
		return NaN()
	case p == 0 && q == 0:
		return 0
	}
	if p < q {
		p, q = q, p
	}
	q /= p
	return p * Sqrt(q*q+1)
}

// Cbrt returns the cube root of x (FreeBSD msun, s_cbrt.c: a rough root from
// the exponent, a polynomial, one Newton step on the rounded root).
func Cbrt(x float64) float64 {
	if x == 0 || x-x != 0 {
		return x
	}
	magnitude := Abs(x)
	root := Float64frombits(Float64bits(magnitude)/3 + 715094163<<32)
	if magnitude < smallestNormal {
		root = Float64frombits(Float64bits(magnitude*0x1p54)/3 + 696219795<<32)
	}
	// The relative error is below 5 bits now; the next step makes it 16.
	const (
		c = 5.42857142857142815906e-01
		d = -7.05306122448979611050e-01
		e = 1.41428571428571436819e+00
		f = 1.60714285714285720630e+00
		g = 3.57142857142857150787e-01
	)
	r := root * root / magnitude
	s := c + r*root
	root *= g + f/(s+e+d/s)
	// Cut to 22 bits and round up, so that root*root is exact below.
	root = Float64frombits(Float64bits(root)&(0xFFFFFFFFC<<28) + 1<<30)
	s = root * root
	r = magnitude / s
	r = (r - root) / (root + root + r)
	root += root * r
	return Copysign(root, x)
}
