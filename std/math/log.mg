package math

// Log returns the natural logarithm of x (FreeBSD msun, e_log.c):
// x = 2**k * (1+f) with 1+f around 1, and log(1+f) as a polynomial in
// s = f/(2+f). As in Go on amd64, the fraction of a subnormal is taken as if it
// were normal.
func Log(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	switch {
	case x == 0:
		return Inf(-1)
	case Signbit(x):
		return NaN()
	case x-x != 0:
		return x
	}
	word := Float64bits(x)
	f := Float64frombits(word&fractionMask | (exponentBias-1)<<exponentShift)
	k := float64(int(word>>exponentShift) - (exponentBias - 1))
	if f <= 7.07106781186547524401e-01 {
		f *= 2
		k--
	}
	f--
	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	odd := s2 * (6.666666666666735130e-01 + s4*(2.857142874366239149e-01+s4*(1.818357216161805012e-01+s4*1.479819860511658591e-01)))
	even := s4 * (3.999999999940941908e-01 + s4*(2.222219843214978396e-01+s4*1.531383769920937332e-01))
	series := odd + even
	halfSquare := 0.5 * f * f
	return k*ln2High - ((halfSquare - (s*(halfSquare+series) + k*ln2Low)) - f)
}

// Log10 returns the decimal logarithm of x.
func Log10(x float64) float64 { return Log(x) * (1 / Ln10) }

// Log2 returns the binary logarithm of x; it is exact for powers of two.
func Log2(x float64) float64 {
	frac, exp := Frexp(x)
	if frac == 0.5 {
		return float64(exp - 1)
	}
	return Log(frac)*(1/Ln2) + float64(exp)
}
