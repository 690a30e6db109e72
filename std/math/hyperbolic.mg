package math

// The functions of this file follow FreeBSD's msun: s_log1p.c, s_expm1.c,
// s_asinh.c, e_acosh.c and e_atanh.c.

// Below nearZero the inverse hyperbolic functions equal their argument, above
// large they equal the logarithm of twice the argument.
const (
	nearZero = 0x1p-28
	large    = 0x1p28
)

// Asinh returns the inverse hyperbolic sine of x.
func Asinh(x float64) float64 {
	if x-x != 0 {
		return x
	}
	magnitude := x
	if x < 0 {
		magnitude = -x
	}
	result := magnitude
	switch {
	case magnitude > large:
		result = Log(magnitude) + Ln2
	case magnitude > 2:
		result = Log(2*magnitude + 1/(Sqrt(magnitude*magnitude+1)+magnitude))
	case magnitude >= nearZero:
		result = Log1p(magnitude + magnitude*magnitude/(1+Sqrt(1+magnitude*magnitude)))
	}
	if x < 0 {
		return -result
	}
	return result
}

// Acosh returns the inverse hyperbolic cosine of x.
func Acosh(x float64) float64 {
	switch {
	case x < 1 || x != x:
		return NaN()
	case x == 1:
		return 0
	case x >= large:
		return Log(x) + Ln2
	case x > 2:
		return Log(2*x - 1/(x+Sqrt(x*x-1)))
	}
	t := x - 1
	return Log1p(t + Sqrt(2*t+t*t))
}

// Atanh returns the inverse hyperbolic tangent of x.
func Atanh(x float64) float64 {
	magnitude := x
	if x < 0 {
		magnitude = -x
	}
	switch {
	case magnitude > 1 || x != x:
		return NaN()
	case magnitude == 1:
		return Copysign(Inf(1), x)
	}
	result := magnitude
	switch {
	case magnitude >= 0.5:
		result = 0.5 * Log1p((magnitude+magnitude)/(1-magnitude))
	case magnitude >= nearZero:
		twice := magnitude + magnitude
		result = 0.5 * Log1p(twice+twice*magnitude/(1-magnitude))
	}
	if x < 0 {
		return -result
	}
	return result
}

// Log1p returns log(1+x), exact for x near zero: with 1+x = 2**k * (1+f), the
// rounding error c of 1+x is carried along.
func Log1p(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	switch {
	case x < -1 || x != x:
		return NaN()
	case x == -1:
		return Inf(-1)
	case x > MaxFloat64:
		return x
	}
	magnitude := Abs(x)
	k := 1
	f, c := 0.0, 0.0
	fraction := uint64(1)
	if magnitude < 4.142135623730950488017e-01 { // sqrt(2)-1
		if magnitude < 0x1p-29 {
			if magnitude < 0x1p-54 {
				return x
			}
			return x - x*x*0.5
		}
		if x > -2.928932188134524755992e-01 { // sqrt(2)/2-1
			k = 0
			f = x
		}
	}
	if k != 0 {
		u := x
		if magnitude < 1<<53 {
			u = 1.0 + x
		}
		word := Float64bits(u)
		k = int(word>>exponentShift) - exponentBias
		if magnitude < 1<<53 {
			if k > 0 {
				c = 1.0 - (u - x)
			} else {
				c = x - (u - 1.0)
			}
			c /= u
		}
		// Bring u between sqrt(2)/2 and sqrt(2).
		fraction = word & fractionMask
		if fraction < 0x6a09e667f3bcd {
			u = Float64frombits(fraction | exponentOfOneBit)
		} else {
			k++
			u = Float64frombits(fraction | (exponentBias-1)<<exponentShift)
			fraction = (1<<exponentShift - fraction) >> 2
		}
		f = u - 1.0
	}
	scale := float64(k)
	halfSquare := 0.5 * f * f
	if fraction == 0 { // |f| < 2**-20
		if f == 0 {
			if k == 0 {
				return 0
			}
			c += scale * ln2Low
			return scale*ln2High + c
		}
		r := halfSquare * (1.0 - 0.66666666666666666*f)
		if k == 0 {
			return f - r
		}
		return scale*ln2High - ((r - (scale*ln2Low + c)) - f)
	}
	s := f / (2.0 + f)
	z := s * s
	r := z * (6.666666666666735130e-01 + z*(3.999999999940941908e-01+z*(2.857142874366239149e-01+z*(2.222219843214978396e-01+z*(1.818357216161805012e-01+z*(1.531383769920937332e-01+z*1.479819860511658591e-01))))))
	if k == 0 {
		return f - (halfSquare - s*(halfSquare+r))
	}
	return scale*ln2High - ((halfSquare - (s*(halfSquare+r) + (scale*ln2Low + c))) - f)
}

// Expm1 returns e**x - 1, exact for x near zero: x = k*ln2 + r, and e**r - 1 as
// a rational function of r².
func Expm1(x float64) float64 {
	const (
		halfLn2       = 3.46573590279972654709e-01
		threeHalfsLn2 = 1.03972077083991796413e+00
		fiftySixLn2   = 3.88162421113569373274e+01
		overflow      = 7.09782712893383973096e+02
		ln2High       = 6.93147180369123816490e-01
		ln2Low        = 1.90821492927058770002e-10
	)
	if x > MaxFloat64 || x != x {
		return x
	}
	magnitude := Abs(x)
	if magnitude >= fiftySixLn2 {
		if x < 0 {
			return -1
		}
		if x >= overflow {
			return Inf(1)
		}
	}
	k, c := 0, 0.0
	if magnitude > halfLn2 {
		switch {
		case magnitude >= threeHalfsLn2:
			k = int((1/Ln2)*x + Copysign(0.5, x))
		case x > 0:
			k = 1
		default:
			k = -1
		}
		high := x - float64(k)*ln2High
		low := float64(k) * ln2Low
		x = high - low
		c = (high - x) - low
	} else if magnitude < 0x1p-54 {
		return x
	}
	half := 0.5 * x
	halfSquare := x * half
	r := 1 + halfSquare*(-3.33333333333331316428e-02+halfSquare*(1.58730158725481460165e-03+halfSquare*(-7.93650757867487942473e-05+halfSquare*(4.00821782732936239552e-06+halfSquare*-2.01099218183624371326e-07))))
	t := 3 - r*half
	e := halfSquare * ((r - t) / (6.0 - x*t))
	if k == 0 {
		return x - (x*e - halfSquare)
	}
	e = x*(e-c) - c
	e -= halfSquare
	switch {
	case k == -1:
		return 0.5*(x-e) - 0.5
	case k == 1:
		if x < -0.25 {
			return -2 * (e - (x + 0.5))
		}
		return 1 + 2*(x-e)
	case k <= -2 || k > 56:
		return scaleByPower(1-(e-x), k) - 1
	case k < 20:
		oneLess := Float64frombits(exponentOfOneBit - 1<<(exponentShift+1)>>uint(k)) // 1 - 2**-k
		return scaleByPower(oneLess-(e-x), k)
	}
	tiny := Float64frombits(uint64(exponentBias-k) << exponentShift) // 2**-k
	return scaleByPower(x-(e+tiny)+1, k)
}

// scaleByPower returns y * 2**k by adding k to the exponent of y.
func scaleByPower(y float64, k int) float64 {
	return Float64frombits(Float64bits(y) + uint64(k)<<exponentShift)
}
