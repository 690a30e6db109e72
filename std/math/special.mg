package math

// Pow10 returns 10**n: the product or quotient of two exactly rounded powers.
func Pow10(n int) float64 {
	switch {
	case n > 308:
		return Inf(1)
	case n >= 0:
		return positivePowerOf1e32(n/32) * smallPowerOf10(n%32)
	case n >= -323:
		return negativePowerOf1e32(-n/32) / smallPowerOf10(-n%32)
	}
	return 0
}

func smallPowerOf10(n int) float64 {
	power := 1.0
	if n <= 22 {
		for ; n > 0; n-- {
			power *= 10 // exact up to 10**22
		}
		return power
	}
	switch n {
	case 23:
		return 1e23
	case 24:
		return 1e24
	case 25:
		return 1e25
	case 26:
		return 1e26
	case 27:
		return 1e27
	case 28:
		return 1e28
	case 29:
		return 1e29
	case 30:
		return 1e30
	}
	return 1e31
}

func positivePowerOf1e32(n int) float64 {
	switch n {
	case 0:
		return 1
	case 1:
		return 1e32
	case 2:
		return 1e64
	case 3:
		return 1e96
	case 4:
		return 1e128
	case 5:
		return 1e160
	case 6:
		return 1e192
	case 7:
		return 1e224
	case 8:
		return 1e256
	}
	return 1e288
}

func negativePowerOf1e32(n int) float64 {
	switch n {
	case 0:
		return 1
	case 1:
		return 1e-32
	case 2:
		return 1e-64
	case 3:
		return 1e-96
	case 4:
		return 1e-128
	case 5:
		return 1e-160
	case 6:
		return 1e-192
	case 7:
		return 1e-224
	case 8:
		return 1e-256
	case 9:
		return 1e-288
	}
	return 1e-320
}

// The error functions follow FreeBSD's msun, s_erf.c: rational approximations
// on [0, 0.84375), [0.84375, 1.25), [1.25, 1/0.35) and beyond.

// erfAtOne is the error function at 1, rounded to 24 bits.
const erfAtOne = 8.45062911510467529297e-01

// erfSmall returns (erf(x) - x) / x for |x| < 0.84375.
func erfSmall(x float64) float64 {
	z := x * x
	r := 1.28379167095512558561e-01 + z*(-3.25042107247001499370e-01+z*(-2.84817495755985104766e-02+z*(-5.77027029648944159157e-03+z*-2.37630166566501626084e-05)))
	s := 1 + z*(3.97917223959155352819e-01+z*(6.50222499887672944485e-02+z*(5.08130628187576562776e-03+z*(1.32494738004321644526e-04+z*-3.96022827877536812320e-06))))
	return r / s
}

// erfNearOne returns erf(x) - erfAtOne for 0.84375 <= x < 1.25.
func erfNearOne(x float64) float64 {
	s := x - 1
	p := -2.36211856075265944077e-03 + s*(4.14856118683748331666e-01+s*(-3.72207876035701323847e-01+s*(3.18346619901161753674e-01+s*(-1.10894694282396677476e-01+s*(3.54783043256182359371e-02+s*-2.16637559486879084300e-03)))))
	q := 1 + s*(1.06420880400844228286e-01+s*(5.40397917702171048937e-01+s*(7.18286544141962662868e-02+s*(1.26171219808761642112e-01+s*(1.36370839120290507362e-02+s*1.19844998467991074170e-02)))))
	return p / q
}

// erfcTail returns x * erfc(x) for x >= 1.25.
func erfcTail(x float64) float64 {
	var r, q float64
	s := 1 / (x * x)
	if x < 1/0.35 {
		r = -9.86494403484714822705e-03 + s*(-6.93858572707181764372e-01+s*(-1.05586262253232909814e+01+s*(-6.23753324503260060396e+01+s*(-1.62396669462573470355e+02+s*(-1.84605092906711035994e+02+s*(-8.12874355063065934246e+01+s*-9.81432934416914548592e+00))))))
		q = 1 + s*(1.96512716674392571292e+01+s*(1.37657754143519042600e+02+s*(4.34565877475229228821e+02+s*(6.45387271733267880336e+02+s*(4.29008140027567833386e+02+s*(1.08635005541779435134e+02+s*(6.57024977031928170135e+00+s*-6.04244152148580987438e-02)))))))
	} else {
		r = -9.86494292470009928597e-03 + s*(-7.99283237680523006574e-01+s*(-1.77579549177547519889e+01+s*(-1.60636384855821916062e+02+s*(-6.37566443368389627722e+02+s*(-1.02509513161107724954e+03+s*-4.83519191608651397019e+02)))))
		q = 1 + s*(3.03380607434824582924e+01+s*(3.25792512996573918826e+02+s*(1.53672958608443695994e+03+s*(3.19985821950859553908e+03+s*(2.55305040643316442583e+03+s*(4.74528541206955367215e+02+s*-2.24409524465858183362e+01))))))
	}
	// e**(-x²) in two factors: the square of z, x cut to half its bits, is exact.
	z := Float64frombits(Float64bits(x) & 0xFFFFFFFF00000000)
	return Exp(-z*z-0.5625) * Exp((z-x)*(z+x)+r/q)
}

// Erf returns the error function of x.
func Erf(x float64) float64 {
	if x != x {
		return NaN()
	}
	magnitude := x
	if x < 0 {
		magnitude = -x
	}
	var result float64
	switch {
	case magnitude < 2.848094538889218e-306:
		result = 0.125 * (8.0*magnitude + 1.02703333676410069053e+00*magnitude)
	case magnitude < 0x1p-28:
		result = magnitude + 1.28379167095512586316e-01*magnitude
	case magnitude < 0.84375:
		result = magnitude + magnitude*erfSmall(magnitude)
	case magnitude < 1.25:
		result = erfAtOne + erfNearOne(magnitude)
	case magnitude >= 6:
		result = 1
	default:
		result = 1 - erfcTail(magnitude)/magnitude
	}
	if x < 0 {
		return -result
	}
	return result
}

// Erfc returns the complementary error function of x, 1 - erf(x).
func Erfc(x float64) float64 {
	if x != x {
		return NaN()
	}
	magnitude := Abs(x)
	if magnitude < 0.84375 {
		small := magnitude
		if magnitude >= 0x1p-56 {
			y := erfSmall(magnitude)
			if magnitude < 0.25 {
				small = magnitude + magnitude*y
			} else {
				small = 0.5 + (magnitude*y + (magnitude - 0.5))
			}
		}
		if x < 0 {
			return 1 + small
		}
		return 1 - small
	}
	switch {
	case magnitude < 1.25 && x < 0:
		return 1 + erfAtOne + erfNearOne(magnitude)
	case magnitude < 1.25:
		return 1 - erfAtOne - erfNearOne(magnitude)
	case x < -6:
		return 2
	case magnitude >= 28:
		return 0
	case x < 0:
		return 2 - erfcTail(magnitude)/magnitude
	}
	return erfcTail(magnitude) / magnitude
}

// Erfinv returns the inverse error function of x (M. Wichura, "Algorithm
// AS241: The Percentage Points of the Normal Distribution", 1988).
func Erfinv(x float64) float64 {
	magnitude := Abs(x)
	if !(magnitude < 1) {
		if magnitude == 1 {
			return Copysign(Inf(1), x)
		}
		return NaN()
	}
	if x >= 0 {
		magnitude = x
	}
	var result float64
	if magnitude <= 0.85 {
		r := 0.180625 - 0.25*magnitude*magnitude
		p := ((((((8.8709406962545514830200e2*r+1.1819493347062294404278e4)*r+2.3782041382114385731252e4)*r+1.6235862515167575384252e4)*r+4.8548868893843886794648e3)*r+6.9706266534389598238465e2)*r+4.7072688112383978012285e1)*r + 1.1975323115670912564578e0
		q := ((((((5.2264952788528545610e3*r+2.8729085735721942674e4)*r+3.9307895800092710610e4)*r+2.1213794301586595867e4)*r+5.3941960214247511077e3)*r+6.8718700749205790830e2)*r+4.2313330701600911252e1)*r + 1
		result = (magnitude * p) / q
	} else if r := Sqrt(Ln2 - Log(1.0-magnitude)); r <= 5.0 {
		r -= 1.6
		p := ((((((7.74545014278341407640e-4*r+2.27238449892691845833e-2)*r+2.41780725177450611770e-1)*r+1.27045825245236838258e0)*r+3.64784832476320460504e0)*r+5.76949722146069140550e0)*r+4.63033784615654529590e0)*r + 1.42343711074968357734e0
		q := ((((((1.4859850019840355905497876e-9*r+7.7441459065157709165577218e-4)*r+2.1494160384252876777097297e-2)*r+2.0945065210512749128288442e-1)*r+9.7547832001787427186894837e-1)*r+2.3707661626024532365971225e0)*r+2.9036514445419946173133295e0)*r + 1.4142135623730950488016887e0
		result = p / q
	} else {
		r -= 5.0
		p := ((((((2.01033439929228813265e-7*r+2.71155556874348757815e-5)*r+1.24266094738807843860e-3)*r+2.65321895265761230930e-2)*r+2.96560571828504891230e-1)*r+1.78482653991729133580e0)*r+5.46378491116411436990e0)*r + 6.65790464350110377720e0
		q := ((((((2.891024605872965461538222e-15*r+2.010321207683943062279931e-7)*r+2.611088405080593625138020e-5)*r+1.112800997078859844711555e-3)*r+2.103693768272068968719679e-2)*r+1.936480946950659106176712e-1)*r+8.482908416595164588112026e-1)*r + 1.414213562373095048801689e0
		result = p / q
	}
	if x < 0 {
		return -result
	}
	return result
}

// Erfcinv returns the inverse of Erfc.
func Erfcinv(x float64) float64 { return Erfinv(1 - x) }
