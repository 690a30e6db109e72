package bits

// Add returns x + y + carry and the carry out; carry has to be 0 or 1.
func Add(x, y, carry uint) (sum, carryOut uint) {
	s, c := Add64(uint64(x), uint64(y), uint64(carry))
	return uint(s), uint(c)
}

// Add32 returns x + y + carry and the carry out; carry has to be 0 or 1.
func Add32(x, y, carry uint32) (sum, carryOut uint32) {
	wide := uint64(x) + uint64(y) + uint64(carry)
	return uint32(wide), uint32(wide >> 32)
}

// Add64 returns x + y + carry and the carry out; carry has to be 0 or 1.
func Add64(x, y, carry uint64) (sum, carryOut uint64) {
	sum = x + y + carry
	// A carry leaves the top bit if both have it, or one has it and the sum
	// lost it.
	return sum, (x&y | (x|y)&^sum) >> 63
}

// Sub returns x - y - borrow and the borrow out; borrow has to be 0 or 1.
func Sub(x, y, borrow uint) (diff, borrowOut uint) {
	d, b := Sub64(uint64(x), uint64(y), uint64(borrow))
	return uint(d), uint(b)
}

// Sub32 returns x - y - borrow and the borrow out; borrow has to be 0 or 1.
func Sub32(x, y, borrow uint32) (diff, borrowOut uint32) {
	wide := uint64(x) - uint64(y) - uint64(borrow)
	return uint32(wide), uint32(wide >> 63)
}

// Sub64 returns x - y - borrow and the borrow out; borrow has to be 0 or 1.
func Sub64(x, y, borrow uint64) (diff, borrowOut uint64) {
	diff = x - y - borrow
	return diff, (^x&y | ^(x^y)&diff) >> 63
}

// Mul returns the product of x and y in two words.
func Mul(x, y uint) (hi, lo uint) {
	h, l := Mul64(uint64(x), uint64(y))
	return uint(h), uint(l)
}

// Mul32 returns the product of x and y in two words.
func Mul32(x, y uint32) (hi, lo uint32) {
	wide := uint64(x) * uint64(y)
	return uint32(wide >> 32), uint32(wide)
}

// Mul64 returns the product of x and y in two words, by four products of halves
// (Knuth, The Art of Computer Programming, 4.3.1, algorithm M).
func Mul64(x, y uint64) (hi, lo uint64) {
	const half = 1<<32 - 1
	xLow, xHigh := x&half, x>>32
	yLow, yHigh := y&half, y>>32
	middle := xHigh*yLow + xLow*yLow>>32
	cross := middle&half + xLow*yHigh
	return xHigh*yHigh + middle>>32 + cross>>32, x * y
}

// Div returns the quotient and remainder of hi, lo by y. It panics if y is 0 or
// the quotient does not fit.
func Div(hi, lo, y uint) (quo, rem uint) {
	q, r := Div64(uint64(hi), uint64(lo), uint64(y))
	return uint(q), uint(r)
}

// Div32 returns the quotient and remainder of hi, lo by y. It panics if y is 0
// or the quotient does not fit.
func Div32(hi, lo, y uint32) (quo, rem uint32) {
	checkQuotient(uint64(hi), uint64(y))
	wide := uint64(hi)<<32 | uint64(lo)
	return uint32(wide / uint64(y)), uint32(wide % uint64(y))
}

// Div64 returns the quotient and remainder of hi, lo by y. It panics if y is 0
// or the quotient does not fit (Knuth, algorithm D, with halves as digits).
func Div64(hi, lo, y uint64) (quo, rem uint64) {
	checkQuotient(hi, y)
	if hi == 0 {
		return lo / y, lo % y
	}
	// Normalise: the divisor's top bit set makes a digit's estimate at most
	// two too big.
	shift := uint(LeadingZeros64(y))
	y <<= shift
	hi = hi<<shift | lo>>(64-shift)
	lo <<= shift
	quoHigh, hi := divideDigit(hi, lo>>32, y)
	quoLow, hi := divideDigit(hi, lo&(1<<32-1), y)
	return quoHigh<<32 | quoLow, hi >> shift
}

// divideDigit divides the three-digit number hi, next (hi < y) by y with the
// top bit set and returns the digit and the remainder.
func divideDigit(hi, next, y uint64) (digit, rem uint64) {
	yHigh, yLow := y>>32, y&(1<<32-1)
	digit = hi / yHigh
	left := hi % yHigh
	for digit>>32 != 0 || digit*yLow > left<<32|next {
		digit--
		left += yHigh
		if left>>32 != 0 {
			break
		}
	}
	return digit, hi<<32 + next - digit*y
}

// Rem returns the remainder of hi, lo by y; the quotient need not fit.
func Rem(hi, lo, y uint) uint { return uint(Rem64(uint64(hi), uint64(lo), uint64(y))) }

// Rem32 returns the remainder of hi, lo by y; the quotient need not fit.
func Rem32(hi, lo, y uint32) uint32 {
	return uint32((uint64(hi)<<32 | uint64(lo)) % uint64(y))
}

// Rem64 returns the remainder of hi, lo by y; the quotient need not fit.
func Rem64(hi, lo, y uint64) uint64 {
	_, rem := Div64(hi%y, lo, y)
	return rem
}

// checkQuotient panics as the hardware's division would.
func checkQuotient(hi, y uint64) {
	if y == 0 {
		zero := y
		_ = hi / zero // the runtime's own error
	}
	if y <= hi {
		panic(overflowError{})
	}
}

// overflowError is the value Div panics with: a runtime error of its own.
type overflowError struct{}

func (overflowError) Error() string { return "runtime error: integer overflow" }
func (overflowError) RuntimeError() {}
