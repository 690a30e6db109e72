// Package bits counts and moves the bits of unsigned integers.
//
// The compiler knows most of these functions and turns calls into single
// instructions; the bodies say what they mean and serve where a function is
// used as a value.
package bits

// UintSize is the size of a uint in bits.
const UintSize = 64

// LeadingZeros returns the number of leading zero bits of x.
func LeadingZeros(x uint) int { return 64 - Len64(uint64(x)) }

// LeadingZeros8 returns the number of leading zero bits of x.
func LeadingZeros8(x uint8) int { return 8 - Len64(uint64(x)) }

// LeadingZeros16 returns the number of leading zero bits of x.
func LeadingZeros16(x uint16) int { return 16 - Len64(uint64(x)) }

// LeadingZeros32 returns the number of leading zero bits of x.
func LeadingZeros32(x uint32) int { return 32 - Len64(uint64(x)) }

// LeadingZeros64 returns the number of leading zero bits of x.
func LeadingZeros64(x uint64) int { return 64 - Len64(x) }

// Len returns the number of bits needed to represent x, 0 for 0.
func Len(x uint) int { return Len64(uint64(x)) }

// Len8 returns the number of bits needed to represent x, 0 for 0.
func Len8(x uint8) int { return Len64(uint64(x)) }

// Len16 returns the number of bits needed to represent x, 0 for 0.
func Len16(x uint16) int { return Len64(uint64(x)) }

// Len32 returns the number of bits needed to represent x, 0 for 0.
func Len32(x uint32) int { return Len64(uint64(x)) }

// Len64 returns the number of bits needed to represent x, 0 for 0.
func Len64(x uint64) int {
	n := 0
	for half := uint(32); half != 0; half >>= 1 {
		if x>>half != 0 {
			x >>= half
			n += int(half)
		}
	}
	return n + int(x)
}

// TrailingZeros returns the number of trailing zero bits of x.
func TrailingZeros(x uint) int { return TrailingZeros64(uint64(x)) }

// TrailingZeros8 returns the number of trailing zero bits of x.
func TrailingZeros8(x uint8) int { return TrailingZeros64(uint64(x) | 1<<8) }

// TrailingZeros16 returns the number of trailing zero bits of x.
func TrailingZeros16(x uint16) int { return TrailingZeros64(uint64(x) | 1<<16) }

// TrailingZeros32 returns the number of trailing zero bits of x.
func TrailingZeros32(x uint32) int { return TrailingZeros64(uint64(x) | 1<<32) }

// TrailingZeros64 returns the number of trailing zero bits of x.
func TrailingZeros64(x uint64) int {
	// The bits below the lowest set bit, as ones.
	return OnesCount64(^x & (x - 1))
}

// OnesCount returns the number of set bits of x.
func OnesCount(x uint) int { return OnesCount64(uint64(x)) }

// OnesCount8 returns the number of set bits of x.
func OnesCount8(x uint8) int { return OnesCount64(uint64(x)) }

// OnesCount16 returns the number of set bits of x.
func OnesCount16(x uint16) int { return OnesCount64(uint64(x)) }

// OnesCount32 returns the number of set bits of x.
func OnesCount32(x uint32) int { return OnesCount64(uint64(x)) }

const (
	everySecondBit   = 0x5555555555555555
	everySecondPair  = 0x3333333333333333
	everySecondFour  = 0x0F0F0F0F0F0F0F0F
	everySecondByte  = 0x00FF00FF00FF00FF
	lowestBitOfBytes = 0x0101010101010101
)

// OnesCount64 returns the number of set bits of x: sums of pairs, of fours, of
// bytes, and then of all bytes by one multiplication.
func OnesCount64(x uint64) int {
	x -= x >> 1 & everySecondBit
	x = x&everySecondPair + x>>2&everySecondPair
	x = (x + x>>4) & everySecondFour
	return int(x * lowestBitOfBytes >> 56)
}

// RotateLeft returns x rotated left by k bits, right if k is negative.
func RotateLeft(x uint, k int) uint { return x<<(uint(k)&63) | x>>(-uint(k)&63) }

// RotateLeft8 returns x rotated left by k bits, right if k is negative.
func RotateLeft8(x uint8, k int) uint8 { return x<<(uint(k)&7) | x>>(-uint(k)&7) }

// RotateLeft16 returns x rotated left by k bits, right if k is negative.
func RotateLeft16(x uint16, k int) uint16 { return x<<(uint(k)&15) | x>>(-uint(k)&15) }

// RotateLeft32 returns x rotated left by k bits, right if k is negative.
func RotateLeft32(x uint32, k int) uint32 { return x<<(uint(k)&31) | x>>(-uint(k)&31) }

// RotateLeft64 returns x rotated left by k bits, right if k is negative.
func RotateLeft64(x uint64, k int) uint64 { return x<<(uint(k)&63) | x>>(-uint(k)&63) }

// Reverse returns x with its bits in reverse order.
func Reverse(x uint) uint { return uint(Reverse64(uint64(x))) }

// Reverse8 returns x with its bits in reverse order.
func Reverse8(x uint8) uint8 { return uint8(Reverse64(uint64(x)) >> 56) }

// Reverse16 returns x with its bits in reverse order.
func Reverse16(x uint16) uint16 { return uint16(Reverse64(uint64(x)) >> 48) }

// Reverse32 returns x with its bits in reverse order.
func Reverse32(x uint32) uint32 { return uint32(Reverse64(uint64(x)) >> 32) }

// Reverse64 returns x with its bits in reverse order.
func Reverse64(x uint64) uint64 {
	x = x>>1&everySecondBit | x&everySecondBit<<1
	x = x>>2&everySecondPair | x&everySecondPair<<2
	x = x>>4&everySecondFour | x&everySecondFour<<4
	return ReverseBytes64(x)
}

// ReverseBytes returns x with its bytes in reverse order.
func ReverseBytes(x uint) uint { return uint(ReverseBytes64(uint64(x))) }

// ReverseBytes16 returns x with its bytes in reverse order.
func ReverseBytes16(x uint16) uint16 { return x>>8 | x<<8 }

// ReverseBytes32 returns x with its bytes in reverse order.
func ReverseBytes32(x uint32) uint32 {
	x = x>>8&(everySecondByte>>32) | x&(everySecondByte>>32)<<8
	return x>>16 | x<<16
}

// ReverseBytes64 returns x with its bytes in reverse order.
func ReverseBytes64(x uint64) uint64 {
	x = x>>8&everySecondByte | x&everySecondByte<<8
	x = x>>16&0x0000FFFF0000FFFF | x&0x0000FFFF0000FFFF<<16
	return x>>32 | x<<32
}
