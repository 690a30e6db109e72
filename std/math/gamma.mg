package math

// Gamma returns the Gamma function of x (Cephes, gamma.c: a rational
// approximation on [2, 3] and the recurrence; Stirling's formula beyond 33).
func Gamma(x float64) float64 {
	const euler = 0.57721566490153286060651209008240243104215933593992
	switch {
	case x == 0:
		return Copysign(Inf(1), x)
	case x > MaxFloat64:
		return x
	case x != x || x < 0 && Floor(x) == x:
		return NaN()
	}
	magnitude := Abs(x)
	if magnitude > 33 {
		if x > 0 {
			a, b := stirling(x)
			return a * b
		}
		return gammaFarNegative(magnitude)
	}
	// Go down or up to [2, 3).
	product := 1.0
	for x >= 3 {
		x--
		product *= x
	}
	for x < 0 {
		if x > -1e-09 {
			return product / ((1 + euler*x) * x)
		}
		product /= x
		x++
	}
	for x < 2 {
		if x < 1e-09 {
			if x == 0 {
				return Inf(1)
			}
			return product / ((1 + euler*x) * x)
		}
		product /= x
		x++
	}
	if x == 2 {
		return product
	}
	x -= 2
	p := (((((x*1.60119522476751861407e-04+1.19135147006586384913e-03)*x+1.04213797561761569935e-02)*x+4.76367800457137231464e-02)*x+2.07448227648435975150e-01)*x+4.94214826801497100753e-01)*x + 9.99999999999999996796e-01
	q := ((((((x*-2.31581873324120129819e-05+5.39605580493303397842e-04)*x+-4.45641913851797240494e-03)*x+1.18139785222060435552e-02)*x+3.58236398605498653373e-02)*x+-2.34591795718243348568e-01)*x+7.14304917030273074085e-02)*x + 1.00000000000000000320e+00
	return product * p / q
}

// gammaFarNegative returns Gamma(-q) for q > 33 by the reflection formula.
func gammaFarNegative(q float64) float64 {
	whole := Floor(q)
	sign := 1.0
	if int64(whole)&1 == 0 {
		sign = -1
	}
	z := q - whole
	if z > 0.5 {
		z = q - (whole + 1)
	}
	z = q * Sin(Pi*z)
	if z == 0 {
		return Copysign(Inf(1), sign)
	}
	z = Abs(z)
	a, b := stirling(q)
	if d := z * a * b; d <= MaxFloat64 {
		return sign * (Pi / d)
	}
	return sign * (Pi / z / a / b)
}

// stirling returns Gamma(x) for x > 33 as a product of two factors, since
// their product may overflow.
func stirling(x float64) (a, b float64) {
	if x > 200 {
		return Inf(1), 1
	}
	const (
		sqrtTwoPi        = 2.506628274631000502417
		powOverflowsFrom = 143.01608
	)
	w := 1 / x
	w = 1 + w*((((7.87311395793093628397e-04*w+-2.29549961613378126380e-04)*w+-2.68132617805781232825e-03)*w+3.47222221605458667310e-03)*w+8.33333333333482257126e-02)
	power := Exp(x)
	rest := 1.0
	if x > powOverflowsFrom {
		root := Pow(x, 0.5*x-0.25)
		power, rest = root, root/power
	} else {
		power = Pow(x, x-0.5) / power
	}
	return power, sqrtTwoPi * w * rest
}

// Lgamma returns the logarithm of |Gamma(x)| and the sign of Gamma(x) (FreeBSD
// msun, e_lgamma_r.c).
func Lgamma(x float64) (lgamma float64, sign int) {
	sign = 1
	switch {
	case x-x != 0:
		return x, 1
	case x == 0:
		return Inf(1), 1
	}
	negative := x < 0
	x = Abs(x)
	if x < 0x1p-70 {
		if negative {
			sign = -1
		}
		return -Log(x), sign
	}
	reflection := 0.0
	if negative {
		if x >= 1<<52 {
			return Inf(1), 1 // an integer
		}
		t := negatedSinPi(x)
		if t == 0 {
			return Inf(1), 1
		}
		reflection = Log(Pi / Abs(t*x))
		if t < 0 {
			sign = -1
		}
	}
	switch {
	case x == 1 || x == 2:
		return 0, sign
	case x < 2:
		lgamma = lgammaBelowTwo(x)
	case x < 8:
		lgamma = lgammaBelowEight(x)
	case x < 1<<58:
		t := Log(x)
		z := 1 / x
		y := z * z
		w := 4.18938533204672725052e-01 + z*(8.33333333333329678849e-02+y*(-2.77777777728775536470e-03+y*(7.93650558643019558500e-04+y*(-5.95187557450339963135e-04+y*(8.36339918996282139126e-04+y*-1.63092934096575273989e-03)))))
		lgamma = (x-0.5)*(t-1) + w
	default:
		lgamma = x * (Log(x) - 1)
	}
	if negative {
		lgamma = reflection - lgamma
	}
	return lgamma, sign
}

// lgammaBelowTwo returns the logarithm of Gamma(x) for 0 < x < 2, by
// polynomials around 2 (or 1), around the minimum, and from 1.
func lgammaBelowTwo(x float64) float64 {
	const (
		minimumAt        = 1.46163214496836224576e+00
		minimumAtRounded = 1.461632144968362245
		minimum          = -1.21486290535849611461e-01
		minimumLow       = -3.63867699703950536541e-18
	)
	result, below := 0.0, 0.0 // below is 1 if log(x) was taken off
	if x <= 0.9 {
		result = -Log(x)
		below = 1
	}
	switch {
	case x >= minimumAtRounded-below+0.27:
		y := 2 - below - x
		z := y * y
		even := 7.72156649015328655494e-02 + z*(6.73523010531292681824e-02+z*(7.38555086081402883957e-03+z*(1.19270763183362067845e-03+z*(2.20862790713908385557e-04+z*2.52144565451257326939e-05))))
		odd := z * (3.22467033424113591611e-01 + z*(2.05808084325167332806e-02+z*(2.89051383673415629091e-03+z*(5.10069792153511336608e-04+z*(1.08011567247583939954e-04+z*4.48640949618915160150e-05)))))
		p := y*even + odd
		return result + (p - 0.5*y)
	case x >= minimumAtRounded-below-0.27:
		y := x - (minimumAt - below)
		z := y * y
		w := z * y
		p1 := 4.83836122723810047042e-01 + w*(-3.27885410759859649565e-02+w*(6.10053870246291332635e-03+w*(-1.40346469989232843813e-03+w*3.15632070903625950361e-04)))
		p2 := -1.47587722994593911752e-01 + w*(1.79706750811820387126e-02+w*(-3.68452016781138256760e-03+w*(8.81081882437654011382e-04+w*-3.12754168375120860518e-04)))
		p3 := 6.46249402391333854778e-02 + w*(-1.03142241298341437450e-02+w*(2.25964780900612472250e-03+w*(-5.38595305356740546715e-04+w*3.35529192635519073543e-04)))
		p := z*p1 - (minimumLow - w*(p2+y*p3))
		return result + (minimum + p)
	}
	y := x - (1 - below)
	p := y * (-7.72156649015328655494e-02 + y*(6.32827064025093366517e-01+y*(1.45492250137234768737e+00+y*(9.77717527963372745603e-01+y*(2.28963728064692451092e-01+y*1.33810918536787660377e-02)))))
	q := 1 + y*(2.45597793713041134822e+00+y*(2.12848976379893395361e+00+y*(7.69285150456672783825e-01+y*(1.04222645593369134254e-01+y*3.21709242282423911810e-03))))
	return result + (-0.5*y + p/q)
}

// lgammaBelowEight returns the logarithm of Gamma(x) for 2 <= x < 8.
func lgammaBelowEight(x float64) float64 {
	whole := int(x)
	y := x - float64(whole)
	p := y * (-7.72156649015328655494e-02 + y*(2.14982415960608852501e-01+y*(3.25778796408930981787e-01+y*(1.46350472652464452805e-01+y*(2.66422703033638609560e-02+y*(1.84028451407337715652e-03+y*3.19475326584100867617e-05))))))
	q := 1 + y*(1.39200533467621045958e+00+y*(7.21935547567138069525e-01+y*(1.71933865632803078993e-01+y*(1.86459191715652901344e-02+y*(7.77942496381893596434e-04+y*7.32668430744625636189e-06)))))
	result := 0.5*y + p/q
	if whole > 2 {
		product := 1.0
		for i := whole - 1; i >= 2; i-- {
			product *= y + float64(i)
		}
		result += Log(product)
	}
	return result
}

// negatedSinPi returns -sin(Pi*x) for 0 < x < 2**52.
func negatedSinPi(x float64) float64 {
	if x < 0.25 {
		return -Sin(Pi * x)
	}
	if Floor(x) == x {
		return 0
	}
	x = Mod(x, 2)
	switch int(x * 4) {
	case 0:
		x = Sin(Pi * x)
	case 1, 2:
		x = Cos(Pi * (0.5 - x))
	case 3, 4:
		x = Sin(Pi * (1 - x))
	case 5, 6:
		x = -Cos(Pi * (x - 1.5))
	default:
		x = Sin(Pi * (x - 2))
	}
	return -x
}
