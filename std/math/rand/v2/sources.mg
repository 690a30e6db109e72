package rand

import "math/bits"

// A PCG is a permuted congruential generator with 128 bits of state and the
// output function DXSM (M. O'Neill, "PCG: A Family of Simple Fast Space-
// Efficient Statistically Good Algorithms", 2014). The zero value is a PCG
// seeded with two zeros.
type PCG struct {
	high, low uint64
}

// NewPCG returns a PCG seeded with the two numbers.
func NewPCG(seed1, seed2 uint64) *PCG { return &PCG{seed1, seed2} }

// Seed starts the generator again.
func (p *PCG) Seed(seed1, seed2 uint64) { p.high, p.low = seed1, seed2 }

// Uint64 returns the next number.
func (p *PCG) Uint64() uint64 {
	const (
		multiplierHigh = 2549297995355413924
		multiplierLow  = 4865540595714422341
		incrementHigh  = 6364136223846793005
		incrementLow   = 1442695040888963407
		mixer          = 0xda942042e4dd58b5
	)
	high, low := bits.Mul64(p.low, multiplierLow)
	high += p.high*multiplierLow + p.low*multiplierHigh
	low, carry := bits.Add64(low, incrementLow, 0)
	high, _ = bits.Add64(high, incrementHigh, carry)
	p.high, p.low = high, low
	high ^= high >> 32
	high *= mixer
	high ^= high >> 48
	return high * (low | 1)
}

// A ChaCha8 is the generator of the C2SP specification chacha8rand: the ChaCha
// stream cipher with 8 rounds, which takes a new key from its own output after
// every 16 blocks.
type ChaCha8 struct {
	key     [8]uint32
	counter uint32     // of the first of the four blocks in words
	words   [32]uint64 // what the four blocks give
	used    int        // of words
	limit   int        // words to hand out: the rest are the next key

	// Read hands out 8 bytes of each number: these are left of the last one.
	bytes     [8]byte
	bytesLeft int
}

const (
	chachaBlocksAtOnce   = 4
	chachaBlocksOfOneKey = 16
	chachaKeyWords       = 4 // of 64 bits
)

// NewChaCha8 returns a ChaCha8 seeded with seed.
func NewChaCha8(seed [32]byte) *ChaCha8 {
	c := new(ChaCha8)
	c.Seed(seed)
	return c
}

// Seed starts the generator again.
func (c *ChaCha8) Seed(seed [32]byte) {
	for i := range c.key {
		c.key[i] = uint32(seed[4*i]) | uint32(seed[4*i+1])<<8 | uint32(seed[4*i+2])<<16 | uint32(seed[4*i+3])<<24
	}
	c.counter = 0
	c.bytesLeft = 0
	c.bytes = [8]byte{}
	c.fill()
}

// Uint64 returns the next number.
func (c *ChaCha8) Uint64() uint64 {
	if c.used == c.limit {
		c.counter += chachaBlocksAtOnce
		if c.counter == chachaBlocksOfOneKey {
			for i := 0; i < chachaKeyWords; i++ {
				word := c.words[len(c.words)-chachaKeyWords+i]
				c.key[2*i], c.key[2*i+1] = uint32(word), uint32(word>>32)
			}
			c.counter = 0
		}
		c.fill()
	}
	word := c.words[c.used]
	c.used++
	return word
}

// fill computes four blocks. Word i of all four comes before word i+1.
func (c *ChaCha8) fill() {
	for block := uint32(0); block < chachaBlocksAtOnce; block++ {
		var x [16]uint32
		x[0], x[1], x[2], x[3] = 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574
		copy(x[4:], c.key[:])
		x[12] = c.counter + block
		for round := 0; round < 8; round += 2 {
			for i := 0; i < 4; i++ { // the columns
				quarterRound(&x[i], &x[i+4], &x[i+8], &x[i+12])
			}
			for i := 0; i < 4; i++ { // the diagonals
				quarterRound(&x[i], &x[(i+1)&3+4], &x[(i+2)&3+8], &x[(i+3)&3+12])
			}
		}
		for i := range x {
			if 4 <= i && i < 12 {
				x[i] += c.key[i-4]
			}
			at := i*2 + int(block/2)
			if block&1 == 0 {
				c.words[at] = uint64(x[i])
			} else {
				c.words[at] |= uint64(x[i]) << 32
			}
		}
	}
	c.used = 0
	c.limit = len(c.words)
	if c.counter == chachaBlocksOfOneKey-chachaBlocksAtOnce {
		c.limit -= chachaKeyWords
	}
}

func quarterRound(a, b, c, d *uint32) {
	*a += *b
	*d = bits.RotateLeft32(*d^*a, 16)
	*c += *d
	*b = bits.RotateLeft32(*b^*c, 12)
	*a += *b
	*d = bits.RotateLeft32(*d^*a, 8)
	*c += *d
	*b = bits.RotateLeft32(*b^*c, 7)
}

// Read fills p with random bytes; it always fills all of it, without error.
func (c *ChaCha8) Read(p []byte) (n int, err error) {
	for i := range p {
		if c.bytesLeft == 0 {
			word := c.Uint64()
			for k := range c.bytes {
				c.bytes[k] = byte(word >> uint(8*k))
			}
			c.bytesLeft = len(c.bytes)
		}
		p[i] = c.bytes[len(c.bytes)-c.bytesLeft]
		c.bytesLeft--
	}
	return len(p), nil
}
