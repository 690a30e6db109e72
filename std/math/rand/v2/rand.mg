// Package rand draws pseudo-random numbers: version 2 of math/rand.
//
// A Rand on a PCG or ChaCha8 gives exactly the sequence of Go's. The functions
// of the package draw from the runtime's random source.
package rand

import (
	"internal/ziggurat"
	"math"
	"math/bits"
)

// A Source draws uniformly distributed 64-bit numbers.
type Source interface {
	Uint64() uint64
}

// A Rand draws numbers of many kinds from a source.
type Rand struct {
	source Source
}

// New returns a Rand that draws from src.
func New(src Source) *Rand { return &Rand{src} }

// Int64 returns a number in [0, 1<<63).
func (r *Rand) Int64() int64 { return int64(r.source.Uint64() &^ (1 << 63)) }

// Uint32 returns a 32-bit number.
func (r *Rand) Uint32() uint32 { return uint32(r.source.Uint64() >> 32) }

// Uint64 returns a 64-bit number.
func (r *Rand) Uint64() uint64 { return r.source.Uint64() }

// Int32 returns a number in [0, 1<<31).
func (r *Rand) Int32() int32 { return int32(r.source.Uint64() >> 33) }

// Int returns a number in [0, 1<<63).
func (r *Rand) Int() int { return int(r.Int64()) }

// Uint returns a 64-bit number.
func (r *Rand) Uint() uint { return uint(r.source.Uint64()) }

// below returns a number in [0, n), n > 0, as the high word of a product (D.
// Lemire, "Fast Random Integer Generation in an Interval", 2019).
func (r *Rand) below(n uint64) uint64 {
	if n&(n-1) == 0 {
		return r.source.Uint64() & (n - 1)
	}
	high, low := bits.Mul64(r.source.Uint64(), n)
	if low < n {
		threshold := -n % n
		for low < threshold {
			high, low = bits.Mul64(r.source.Uint64(), n)
		}
	}
	return high
}

// Int64N returns a number in [0, n). It panics if n <= 0.
func (r *Rand) Int64N(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int64N")
	}
	return int64(r.below(uint64(n)))
}

// Uint64N returns a number in [0, n). It panics if n == 0.
func (r *Rand) Uint64N(n uint64) uint64 {
	if n == 0 {
		panic("invalid argument to Uint64N")
	}
	return r.below(n)
}

// Int32N returns a number in [0, n). It panics if n <= 0.
func (r *Rand) Int32N(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int32N")
	}
	return int32(r.below(uint64(n)))
}

// Uint32N returns a number in [0, n). It panics if n == 0.
func (r *Rand) Uint32N(n uint32) uint32 {
	if n == 0 {
		panic("invalid argument to Uint32N")
	}
	return uint32(r.below(uint64(n)))
}

// IntN returns a number in [0, n). It panics if n <= 0.
func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("invalid argument to IntN")
	}
	return int(r.below(uint64(n)))
}

// UintN returns a number in [0, n). It panics if n == 0.
func (r *Rand) UintN(n uint) uint {
	if n == 0 {
		panic("invalid argument to UintN")
	}
	return uint(r.below(uint64(n)))
}

// Float64 returns a number in [0, 1).
func (r *Rand) Float64() float64 { return float64(r.source.Uint64()<<11>>11) / (1 << 53) }

// Float32 returns a number in [0, 1).
func (r *Rand) Float32() float32 { return float32(r.Uint32()<<8>>8) / (1 << 24) }

// Perm returns the integers from 0 to n-1 in random order.
func (r *Rand) Perm(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	r.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
	return order
}

// Shuffle puts n elements, which swap exchanges, in random order (R. Fisher and
// F. Yates). It panics if n < 0.
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		swap(i, int(r.below(uint64(i+1))))
	}
}

// NormFloat64 returns a normally distributed number with mean 0 and standard
// deviation 1.
func (r *Rand) NormFloat64() float64 {
	tables := ziggurat.Normal()
	for {
		word := r.source.Uint64()
		j := int32(word)
		i := word >> 32 & 0x7F
		x := float64(j) * float64(tables.Width[i])
		magnitude := uint32(j)
		if j < 0 {
			magnitude = -magnitude
		}
		if magnitude < tables.Inside[i] {
			return x
		}
		if i == 0 {
			// The tail beyond the base strip.
			for {
				x = -math.Log(r.Float64()) * (1.0 / ziggurat.NormalEnd)
				y := -math.Log(r.Float64())
				if y+y >= x*x {
					break
				}
			}
			if j > 0 {
				return ziggurat.NormalEnd + x
			}
			return -ziggurat.NormalEnd - x
		}
		low, high := tables.Height[i], tables.Height[i-1]
		if low+float32(r.Float64())*(high-low) < float32(math.Exp(-.5*x*x)) {
			return x
		}
	}
}

// ExpFloat64 returns an exponentially distributed number with mean 1.
func (r *Rand) ExpFloat64() float64 {
	tables := ziggurat.Exponential()
	for {
		word := r.source.Uint64()
		j := uint32(word)
		i := word >> 32 & 0xFF
		x := float64(j) * float64(tables.Width[i])
		if j < tables.Inside[i] {
			return x
		}
		if i == 0 {
			return ziggurat.ExponentialEnd - math.Log(r.Float64())
		}
		low, high := tables.Height[i], tables.Height[i-1]
		if low+float32(r.Float64())*(high-low) < float32(math.Exp(-x)) {
			return x
		}
	}
}
