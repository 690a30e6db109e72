package rand

// randomWord returns 64 bits from the runtime's random source.
func randomWord() uint64

type runtimeSource struct{}

func (runtimeSource) Uint64() uint64 { return randomWord() }

// global draws from the runtime's source.
var global = Rand{runtimeSource{}}

// Int64 returns a number in [0, 1<<63).
func Int64() int64 { return global.Int64() }

// Uint32 returns a 32-bit number.
func Uint32() uint32 { return global.Uint32() }

// Uint64 returns a 64-bit number.
func Uint64() uint64 { return randomWord() }

// Int32 returns a number in [0, 1<<31).
func Int32() int32 { return global.Int32() }

// Int returns a number in [0, 1<<63).
func Int() int { return global.Int() }

// Uint returns a 64-bit number.
func Uint() uint { return uint(randomWord()) }

// Int64N returns a number in [0, n). It panics if n <= 0.
func Int64N(n int64) int64 { return global.Int64N(n) }

// Uint64N returns a number in [0, n). It panics if n == 0.
func Uint64N(n uint64) uint64 { return global.Uint64N(n) }

// Int32N returns a number in [0, n). It panics if n <= 0.
func Int32N(n int32) int32 { return global.Int32N(n) }

// Uint32N returns a number in [0, n). It panics if n == 0.
func Uint32N(n uint32) uint32 { return global.Uint32N(n) }

// IntN returns a number in [0, n). It panics if n <= 0.
func IntN(n int) int { return global.IntN(n) }

// UintN returns a number in [0, n). It panics if n == 0.
func UintN(n uint) uint { return global.UintN(n) }

// Float64 returns a number in [0, 1).
func Float64() float64 { return global.Float64() }

// Float32 returns a number in [0, 1).
func Float32() float32 { return global.Float32() }

// Perm returns the integers from 0 to n-1 in random order.
func Perm(n int) []int { return global.Perm(n) }

// Shuffle puts n elements, which swap exchanges, in random order.
func Shuffle(n int, swap func(i, j int)) { global.Shuffle(n, swap) }

// NormFloat64 returns a normally distributed number.
func NormFloat64() float64 { return global.NormFloat64() }

// ExpFloat64 returns an exponentially distributed number.
func ExpFloat64() float64 { return global.ExpFloat64() }
