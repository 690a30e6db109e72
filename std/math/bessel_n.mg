package math

// Above sinesOnly the Bessel functions are sine waves to full precision.
const sinesOnly = 1 << 302

// Jn returns the Bessel function of the first kind of order n (FreeBSD msun,
// e_jn.c).
func Jn(n int, x float64) float64 {
	switch {
	case x != x:
		return x
	case IsInf(x, 0):
		return 0
	case n == 0:
		return J0(x)
	case x == 0:
		return 0
	}
	if n < 0 {
		n, x = -n, -x
	}
	if n == 1 {
		return J1(x)
	}
	negative := x < 0 && n&1 == 1
	x = Abs(x)
	var result float64
	switch {
	case float64(n) <= x && x >= sinesOnly:
		s, c := Sincos(x)
		var wave float64
		switch n & 3 {
		case 0:
			wave = c + s
		case 1:
			wave = -c + s
		case 2:
			wave = -c - s
		default:
			wave = c - s
		}
		result = (1 / SqrtPi) * wave / Sqrt(x)
	case float64(n) <= x:
		// The recurrence in the order is stable upwards here.
		before := J0(x)
		result = J1(x)
		for i := 1; i < n; i++ {
			before, result = result, result*(float64(i+i)/x)-before
		}
	case x >= 0x1p-29:
		result = besselDownwards(n, x)
	case n <= 33:
		// The first term of the Taylor series: (x/2)**n / n!.
		half := x * 0.5
		result = half
		factorial := 1.0
		for i := 2; i <= n; i++ {
			factorial *= float64(i)
			result *= half
		}
		result /= factorial
	}
	if negative {
		return -result
	}
	return result
}

// besselDownwards returns Jn for n > x by the recurrence downwards, from a
// continued fraction for the ratio of two neighbouring orders.
func besselDownwards(n int, x float64) float64 {
	w := float64(n+n) / x
	step := 2 / x
	z := w + step
	q0, q1 := w, w*z-1
	terms := 1
	for q1 < 1e9 {
		terms++
		z += step
		q0, q1 = q1, z*q1-q0
	}
	ratio := 0.0
	for i := 2 * (n + terms); i >= n+n; i -= 2 {
		ratio = 1 / (float64(i)/x - ratio)
	}
	above, result := ratio, 1.0
	// Values grow as the order goes down: scale where they could overflow.
	mayOverflow := float64(n)*Log(Abs(step*float64(n))) >= 7.09782712893383973096e+02
	for i := n - 1; i > 0; i-- {
		above, result = result, result*float64(i+i)/x-above
		if mayOverflow && result > 1e100 {
			above /= result
			ratio /= result
			result = 1
		}
	}
	return ratio * J0(x) / result
}

// Yn returns the Bessel function of the second kind of order n.
func Yn(n int, x float64) float64 {
	switch {
	case x < 0 || x != x:
		return NaN()
	case x > MaxFloat64:
		return 0
	case n == 0:
		return Y0(x)
	case x == 0:
		if n < 0 && n&1 == 1 {
			return Inf(1)
		}
		return Inf(-1)
	}
	negative := false
	if n < 0 {
		n = -n
		negative = n&1 == 1
	}
	var result float64
	switch {
	case n == 1:
		result = Y1(x)
	case x >= sinesOnly:
		s, c := Sincos(x)
		var wave float64
		switch n & 3 {
		case 0:
			wave = s - c
		case 1:
			wave = -s - c
		case 2:
			wave = -s + c
		default:
			wave = s + c
		}
		result = (1 / SqrtPi) * wave / Sqrt(x)
	default:
		before := Y0(x)
		result = Y1(x)
		for i := 1; i < n && !IsInf(result, -1); i++ {
			before, result = result, (float64(i+i)/x)*result-before
		}
	}
	if negative {
		return -result
	}
	return result
}
