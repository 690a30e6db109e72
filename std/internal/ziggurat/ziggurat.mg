// Package ziggurat has the tables that math/rand and math/rand/v2 draw normally
// and exponentially distributed numbers with (G. Marsaglia and W. Tsang, "The
// Ziggurat Method for Generating Random Variables", Journal of Statistical
// Software 5(8), 2000). They are computed when first needed.
package ziggurat

import "math"

// Where the base strips end.
const (
	NormalEnd      = 3.442619855899
	ExponentialEnd = 7.69711747013104972
)

// Tables describe the strips: a random integer j in strip i is accepted as
// j*Width[i] at once if |j| < Inside[i]; Height[i] is the density at its edge.
type Tables struct {
	Inside []uint32
	Width  []float32
	Height []float32
}

// The tables when computed. Goroutines may compute them at the same time: they
// store equal ones, and a pointer is stored when its tables are complete.
var normal, exponential *Tables

// Normal returns the 128 strips of the normal distribution, for 31-bit
// integers and a sign.
func Normal() *Tables {
	if normal == nil {
		const area = 9.91256303526217e-3
		tables := &Tables{make([]uint32, 128), make([]float32, 128), make([]float32, 128)}
		density := func(x float64) float64 { return math.Exp(-.5 * x * x) }
		inverse := func(y float64) float64 { return math.Sqrt(-2 * math.Log(y)) }
		tables.fill(NormalEnd, area, 1<<31, density, inverse)
		normal = tables
	}
	return normal
}

// Exponential returns the 256 strips of the exponential distribution, for
// 32-bit integers.
func Exponential() *Tables {
	if exponential == nil {
		const area = 3.949659822581572e-3
		tables := &Tables{make([]uint32, 256), make([]float32, 256), make([]float32, 256)}
		density := func(x float64) float64 { return math.Exp(-x) }
		inverse := func(y float64) float64 { return -math.Log(y) }
		tables.fill(ExponentialEnd, area, 1<<32, density, inverse)
		exponential = tables
	}
	return exponential
}

// fill computes strips of equal area from the outermost one inwards.
func (t *Tables) fill(end, area, scale float64, density, inverse func(float64) float64) {
	last := len(t.Inside) - 1
	base := area / density(end)
	t.Inside[0] = uint32(end / base * scale)
	t.Width[0] = float32(base / scale)
	t.Height[0] = 1
	t.Width[last] = float32(end / scale)
	t.Height[last] = float32(density(end))
	edge := end
	for i := last - 1; i > 0; i-- {
		outer := edge
		edge = inverse(area/outer + density(outer))
		t.Inside[i+1] = uint32(edge / outer * scale)
		t.Width[i] = float32(edge / scale)
		t.Height[i] = float32(density(edge))
	}
}
