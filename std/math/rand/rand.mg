// Package rand draws pseudo-random numbers.
//
// A Rand made with New(NewSource(seed)) gives exactly the sequence of Go's, so
// results of seeded programs carry over. The functions of the package draw from
// the runtime's random source, until Seed is called.
package rand

import (
	"internal/ziggurat"
	"math"
	"sync"
)

// A Source draws uniformly distributed numbers in [0, 1<<63).
type Source interface {
	Int63() int64
	Seed(seed int64)
}

// A Source64 also draws uniformly distributed numbers in [0, 1<<64).
type Source64 interface {
	Source
	Uint64() uint64
}

// NewSource returns a source started with seed. Goroutines must not share it.
func NewSource(seed int64) Source {
	source := new(fibonacciSource)
	source.Seed(seed)
	return source
}

// A Rand draws numbers of many kinds from a source.
type Rand struct {
	source   Source
	source64 Source64 // the source, if it is one; otherwise nil

	// Read takes 7 bytes of each number: these are left of the last one.
	bytes     int64
	bytesLeft int8
}

// New returns a Rand that draws from src.
func New(src Source) *Rand {
	source64, _ := src.(Source64)
	return &Rand{source: src, source64: source64}
}

// Seed starts the source again. It must not be called at the same time as
// other methods.
func (r *Rand) Seed(seed int64) {
	r.source.Seed(seed)
	r.bytesLeft = 0
}

// Int63 returns a number in [0, 1<<63).
func (r *Rand) Int63() int64 { return r.source.Int63() }

// Uint32 returns a 32-bit number.
func (r *Rand) Uint32() uint32 { return uint32(r.Int63() >> 31) }

// Uint64 returns a 64-bit number.
func (r *Rand) Uint64() uint64 {
	if r.source64 != nil {
		return r.source64.Uint64()
	}
	low := uint64(r.Int63()) >> 31
	return low | uint64(r.Int63())<<32
}

// Int31 returns a number in [0, 1<<31).
func (r *Rand) Int31() int32 { return int32(r.Int63() >> 32) }

// Int returns a number in [0, 1<<63).
func (r *Rand) Int() int { return int(r.Int63()) }

// Int63n returns a number in [0, n). It panics if n <= 0.
func (r *Rand) Int63n(n int64) int64 {
	if n <= 0 {
		panic("invalid argument to Int63n")
	}
	if n&(n-1) == 0 {
		return r.Int63() & (n - 1)
	}
	// Draw again above the greatest multiple of n: all remainders are equally
	// likely then.
	limit := int64(1<<63 - 1 - (1<<63)%uint64(n))
	v := r.Int63()
	for v > limit {
		v = r.Int63()
	}
	return v % n
}

// Int31n returns a number in [0, n). It panics if n <= 0.
func (r *Rand) Int31n(n int32) int32 {
	if n <= 0 {
		panic("invalid argument to Int31n")
	}
	if n&(n-1) == 0 {
		return r.Int31() & (n - 1)
	}
	limit := int32(1<<31 - 1 - (1<<31)%uint32(n))
	v := r.Int31()
	for v > limit {
		v = r.Int31()
	}
	return v % n
}

// Intn returns a number in [0, n). It panics if n <= 0.
func (r *Rand) Intn(n int) int {
	if n <= 0 {
		panic("invalid argument to Intn")
	}
	if n <= 1<<31-1 {
		return int(r.Int31n(int32(n)))
	}
	return int(r.Int63n(int64(n)))
}

// Float64 returns a number in [0, 1).
func (r *Rand) Float64() float64 {
	for {
		if f := float64(r.Int63()) / (1 << 63); f != 1 {
			return f
		}
	}
}

// Float32 returns a number in [0, 1).
func (r *Rand) Float32() float32 {
	for {
		if f := float32(r.Float64()); f != 1 {
			return f
		}
	}
}

// Perm returns the integers from 0 to n-1 in random order.
func (r *Rand) Perm(n int) []int {
	order := make([]int, n)
	for i := range order {
		j := r.Intn(i + 1)
		order[i] = order[j]
		order[j] = i
	}
	return order
}

// Shuffle puts n elements, which swap exchanges, in random order (R. Fisher and
// F. Yates). It panics if n < 0.
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	if n < 0 {
		panic("invalid argument to Shuffle")
	}
	for i := n - 1; i > 0; i-- {
		if i > 1<<31-2 {
			swap(i, int(r.Int63n(int64(i+1))))
		} else {
			swap(i, int(r.below(uint32(i+1))))
		}
	}
}

// below returns a number in [0, n) with a multiplication instead of a division
// (D. Lemire, "Fast Random Integer Generation in an Interval", 2019).
func (r *Rand) below(n uint32) uint32 {
	product := uint64(r.Uint32()) * uint64(n)
	if uint32(product) < n {
		threshold := -n % n
		for uint32(product) < threshold {
			product = uint64(r.Uint32()) * uint64(n)
		}
	}
	return uint32(product >> 32)
}

// Read fills p with random bytes; it always fills all of it, without error.
func (r *Rand) Read(p []byte) (n int, err error) {
	for i := range p {
		if r.bytesLeft == 0 {
			r.bytes = r.source.Int63()
			r.bytesLeft = 7
		}
		p[i] = byte(r.bytes)
		r.bytes >>= 8
		r.bytesLeft--
	}
	return len(p), nil
}

// NormFloat64 returns a normally distributed number with mean 0 and standard
// deviation 1.
func (r *Rand) NormFloat64() float64 {
	tables := ziggurat.Normal()
	for {
		j := int32(r.Uint32())
		i := j & 0x7F
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
		j := r.Uint32()
		i := j & 0xFF
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

// randomWord returns 64 bits from the runtime's random source.
func randomWord() uint64

// sharedSource is what the functions of the package draw from.
type sharedSource struct {
	mutex  sync.Mutex
	seeded *fibonacciSource // nil: the runtime's source
}

func (s *sharedSource) Uint64() uint64 {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.seeded == nil {
		return randomWord()
	}
	return s.seeded.Uint64()
}

func (s *sharedSource) Int63() int64 { return int64(s.Uint64() &^ (1 << 63)) }

func (s *sharedSource) Seed(seed int64) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.seeded = new(fibonacciSource)
	s.seeded.Seed(seed)
}

var shared sharedSource

// global draws from the shared source. Its own state, which only serves Read, is never used.
var global = Rand{source: &shared, source64: &shared}

// Seed makes the functions of the package give the sequence of seed.
func Seed(seed int64) { shared.Seed(seed) }

// Int63 returns a number in [0, 1<<63).
func Int63() int64 { return shared.Int63() }

// Uint32 returns a 32-bit number.
func Uint32() uint32 { return global.Uint32() }

// Uint64 returns a 64-bit number.
func Uint64() uint64 { return shared.Uint64() }

// Int31 returns a number in [0, 1<<31).
func Int31() int32 { return global.Int31() }

// Int returns a number in [0, 1<<63).
func Int() int { return global.Int() }

// Int63n returns a number in [0, n). It panics if n <= 0.
func Int63n(n int64) int64 { return global.Int63n(n) }

// Int31n returns a number in [0, n). It panics if n <= 0.
func Int31n(n int32) int32 { return global.Int31n(n) }

// Intn returns a number in [0, n). It panics if n <= 0.
func Intn(n int) int { return global.Intn(n) }

// Float64 returns a number in [0, 1).
func Float64() float64 { return global.Float64() }

// Float32 returns a number in [0, 1).
func Float32() float32 { return global.Float32() }

// Perm returns the integers from 0 to n-1 in random order.
func Perm(n int) []int { return global.Perm(n) }

// Shuffle puts n elements, which swap exchanges, in random order.
func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

// Read fills p with random bytes.
func Read(p []byte) (n int, err error) {
	r := global
	return r.Read(p)
}

// NormFloat64 returns a normally distributed number.
func NormFloat64() float64 { return global.NormFloat64() }

// ExpFloat64 returns an exponentially distributed number.
func ExpFloat64() float64 { return global.ExpFloat64() }
