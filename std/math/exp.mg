package math

// Exp returns e**x. The argument is reduced by a multiple of ln 2 and a
// sixteenth, a Taylor series of eight terms gives e**r - 1, and four doublings
// undo the sixteenth (N. Shibata, "Efficient Evaluation Methods of Elementary
// Functions Suitable for SIMD Computation", 2010).
func Exp(x float64) float64 {
	const (
		overflow = 7.09782712893384e+02
		ln2High  = 0.69314718055966295651160180568695068359375
		ln2Low   = 0.28235290563031577122588448175013436025525412068e-12
	)
	switch {
	case x != x || x > MaxFloat64:
		return x
	case x > overflow:
		return Inf(1)
	case x < -2000:
		return 0
	}
	multiple := RoundToEven(x * Log2E)
	exponent := int(multiple) + exponentBias
	r := FMA(-multiple, ln2High, x)
	r = FMA(-multiple, ln2Low, r)
	r *= 0.0625
	series := FMA(2.4801587301587301587e-5, r, 1.9841269841269841270e-4)
	series = FMA(series, r, 1.3888888888888888889e-3)
	series = FMA(series, r, 8.3333333333333333333e-3)
	series = FMA(series, r, 4.1666666666666666667e-2)
	series = FMA(series, r, 1.6666666666666666667e-1)
	series = FMA(series, r, 0.5)
	series = FMA(series, r, 1)
	r *= series
	// (1+r)² = 1 + r(r+2)
	r *= r + 2
	r *= r + 2
	r *= r + 2
	r = FMA(r, r+2, 1)
	switch {
	case exponent >= 0x7FF:
		return Inf(1)
	case exponent > 0:
		return r * Float64frombits(uint64(exponent)<<exponentShift)
	case exponent < -52:
		return 0
	}
	// Subnormal result: scale in two steps.
	r *= Float64frombits(uint64(exponent+exponentBias-1) << exponentShift)
	return r * smallestNormal
}

// Exp2 returns 2**x (FreeBSD msun, e_exp.c, after reduction by an integer).
func Exp2(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	switch {
	case x != x:
		return x
	case x > 1.0239999999999999e+03:
		return Inf(1)
	case x < -1.0740e+03:
		return 0
	}
	k := 0
	if x > 0 {
		k = int(x + 0.5)
	} else if x < 0 {
		k = int(x - 0.5)
	}
	rest := x - float64(k)
	high := rest * ln2High
	low := -rest * ln2Low
	// e**r by a rational approximation in r² (Remez), r = high - low.
	r := high - low
	t := r * r
	c := r - t*(1.66666666666666657415e-01+t*(-2.77777777770155933842e-03+t*(6.61375632143793436117e-05+t*(-1.65339022054652515390e-06+t*4.13813679705723846039e-08))))
	y := 1 - ((low - (r*c)/(2-c)) - high)
	return Ldexp(y, k)
}

// isOddInteger reports whether x is an odd integer.
func isOddInteger(x float64) bool {
	if Abs(x) >= 1<<53 {
		return false // from here on all floats are even
	}
	return Trunc(x) == x && int64(x)&1 == 1
}

// Pow returns x**y. The integer part of y multiplies repeated squares of x's
// fraction, exponents apart; the fractional part goes through Exp and Log.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1:
		return x
	case x != x || y != y:
		return NaN()
	case x == 0:
		if y < 0 {
			if Signbit(x) && isOddInteger(y) {
				return Inf(-1)
			}
			return Inf(1)
		}
		if Signbit(x) && isOddInteger(y) {
			return x
		}
		return 0
	case IsInf(y, 0):
		if x == -1 {
			return 1
		}
		if (Abs(x) < 1) == (y > 0) {
			return 0
		}
		return Inf(1)
	case IsInf(x, 1):
		if y < 0 {
			return 0
		}
		return x
	case IsInf(x, -1):
		return Pow(1/x, -y)
	case y == 0.5:
		return Sqrt(x)
	case y == -0.5:
		return 1 / Sqrt(x)
	}
	whole, part := Modf(Abs(y))
	if part != 0 && x < 0 {
		return NaN()
	}
	if whole >= 1<<63 {
		if x == -1 {
			return 1
		}
		if (Abs(x) < 1) == (y > 0) {
			return 0
		}
		return Inf(1)
	}
	// The result is product * 2**exponent.
	product, exponent := 1.0, 0
	if part != 0 {
		if part > 0.5 {
			part--
			whole++
		}
		product = Exp(part * Log(x))
	}
	square, squareExponent := Frexp(x)
	for left := int64(whole); left != 0; left >>= 1 {
		if squareExponent < -1<<12 || squareExponent > 1<<12 {
			exponent += squareExponent // overflows either way
			break
		}
		if left&1 == 1 {
			product *= square
			exponent += squareExponent
		}
		square *= square
		squareExponent <<= 1
		if square < .5 {
			square += square
			squareExponent--
		}
	}
	if y < 0 {
		product = 1 / product
		exponent = -exponent
	}
	return Ldexp(product, exponent)
}

// Sinh returns the hyperbolic sine of x.
func Sinh(x float64) float64 {
	magnitude := x
	if x < 0 {
		magnitude = -x // and -0 stays -0
	}
	var result float64
	switch {
	case magnitude > 21:
		result = Exp(magnitude) * 0.5
	case magnitude > 0.5:
		power := Exp(magnitude)
		result = (power - 1/power) * 0.5
	default:
		// J. Hart, "Computer Approximations", number 2029.
		sq := magnitude * magnitude
		result = (((-0.2630563213397497062819489e+2*sq-0.2894211355989563807284660366e+4)*sq-0.8991272022039509355398013511e+5)*sq - 0.6307673640497716991184787251e+6) * magnitude
		result /= ((sq-0.173678953558233699533450911e+3)*sq+0.1521517378790019070696485176e+5)*sq - 0.6307673640497716991212077277e+6
	}
	if x < 0 {
		return -result
	}
	return result
}

// Cosh returns the hyperbolic cosine of x.
func Cosh(x float64) float64 {
	power := Exp(Abs(x))
	if Abs(x) > 21 {
		return power * 0.5
	}
	return (power + 1/power) * 0.5
}

// Tanh returns the hyperbolic tangent of x (Cephes, tanh.c).
func Tanh(x float64) float64 {
	const maxLog = 8.8029691931113054295988e+01 // ln(2**127)
	magnitude := Abs(x)
	switch {
	case magnitude > 0.5*maxLog:
		return Copysign(1, x)
	case magnitude >= 0.625:
		return Copysign(1-2/(Exp(2*magnitude)+1), x)
	case x == 0:
		return x
	}
	s := x * x
	return x + x*s*((-9.64399179425052238628e-1*s+-9.92877231001918586564e1)*s+-1.61468768441708447952e3)/(((s+1.12811678491632931402e2)*s+2.23548839060100448583e3)*s+4.84406305325125486048e3)
}
