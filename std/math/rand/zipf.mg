package rand

import "math"

// A Zipf draws numbers k in [0, imax] with probability proportional to
// (v+k)**-s, by rejection-inversion (W. Hörmann and G. Derflinger, "Rejection-
// Inversion to Generate Variates from Monotone Discrete Distributions", 1996).
type Zipf struct {
	r            *Rand
	v, s         float64
	oneMinusS    float64
	inverse      float64 // of oneMinusS
	areaEnd      float64 // the integral up to the last number
	areaSpan     float64
	acceptAtOnce float64 // distance below which a candidate is taken
}

// NewZipf returns a Zipf, or nil unless s > 1 and v >= 1.
func NewZipf(r *Rand, s float64, v float64, imax uint64) *Zipf {
	if s <= 1.0 || v < 1 {
		return nil
	}
	z := &Zipf{r: r, v: v, s: s, oneMinusS: 1.0 - s}
	z.inverse = 1.0 / z.oneMinusS
	z.areaEnd = z.integral(float64(imax) + 0.5)
	z.areaSpan = z.integral(0.5) - math.Exp(math.Log(z.v)*(-z.s)) - z.areaEnd
	z.acceptAtOnce = 1 - z.inverseIntegral(z.integral(1.5)-math.Exp(-z.s*math.Log(z.v+1.0)))
	return z
}

// integral returns the antiderivative of (v+x)**-s.
func (z *Zipf) integral(x float64) float64 {
	return math.Exp(z.oneMinusS*math.Log(z.v+x)) * z.inverse
}

func (z *Zipf) inverseIntegral(x float64) float64 {
	return math.Exp(z.inverse*math.Log(z.oneMinusS*x)) - z.v
}

// Uint64 draws a number. It panics if z is nil.
func (z *Zipf) Uint64() uint64 {
	if z == nil {
		panic("rand: nil Zipf")
	}
	for {
		area := z.areaEnd + z.r.Float64()*z.areaSpan
		x := z.inverseIntegral(area)
		k := math.Floor(x + 0.5)
		if k-x <= z.acceptAtOnce || area >= z.integral(k+0.5)-math.Exp(-math.Log(k+z.v)*z.s) {
			return uint64(k)
		}
	}
}
