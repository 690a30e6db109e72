// Package sha256 has the hash function SHA-256 (FIPS 180-4).
package sha256

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	Size      = 32 // bytes of a hash
	BlockSize = 64 // bytes of a block
)

type digest struct {
	state   [8]uint32
	pending [BlockSize]byte // the start of a block not yet complete
	length  uint64          // bytes written
}

// New returns a SHA-256 hash.
func New() hash.Hash {
	d := new(digest)
	d.Reset()
	return d
}

// Sum256 returns the hash of data.
func Sum256(data []byte) (sum [Size]byte) {
	d := new(digest)
	d.Reset()
	d.Write(data)
	d.finish(&sum)
	return sum
}

func (d *digest) Reset() {
	*d = digest{state: [8]uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	}}
}

func (d *digest) Size() int { return Size }

func (d *digest) BlockSize() int { return BlockSize }

func (d *digest) Write(p []byte) (n int, err error) {
	n = len(p)
	filled := int(d.length % BlockSize)
	d.length += uint64(n)
	if filled > 0 {
		taken := copy(d.pending[filled:], p)
		p = p[taken:]
		if filled+taken < BlockSize {
			return n, nil
		}
		d.block(d.pending[:])
	}
	for ; len(p) >= BlockSize; p = p[BlockSize:] {
		d.block(p)
	}
	copy(d.pending[:], p)
	return n, nil
}

func (d *digest) Sum(in []byte) []byte {
	copied := *d // more may be written
	var sum [Size]byte
	copied.finish(&sum)
	return append(in, sum[:]...)
}

// finish appends a one bit, zeros and the length in bits.
func (d *digest) finish(sum *[Size]byte) {
	length := d.length
	padding := make([]byte, 1+(BlockSize+55-length%BlockSize)%BlockSize, BlockSize+9)
	padding[0] = 0x80
	d.Write(binary.BigEndian.AppendUint64(padding, length*8))
	for i, word := range d.state {
		binary.BigEndian.PutUint32(sum[4*i:], word)
	}
}

// roundConstants has the first 32 bits of the fractions of the cube roots of the
// first 64 primes, the highest byte first.
const roundConstants = "" +
	"\x42\x8a\x2f\x98\x71\x37\x44\x91\xb5\xc0\xfb\xcf\xe9\xb5\xdb\xa5\x39\x56\xc2\x5b\x59\xf1\x11\xf1" +
	"\x92\x3f\x82\xa4\xab\x1c\x5e\xd5\xd8\x07\xaa\x98\x12\x83\x5b\x01\x24\x31\x85\xbe\x55\x0c\x7d\xc3" +
	"\x72\xbe\x5d\x74\x80\xde\xb1\xfe\x9b\xdc\x06\xa7\xc1\x9b\xf1\x74\xe4\x9b\x69\xc1\xef\xbe\x47\x86" +
	"\x0f\xc1\x9d\xc6\x24\x0c\xa1\xcc\x2d\xe9\x2c\x6f\x4a\x74\x84\xaa\x5c\xb0\xa9\xdc\x76\xf9\x88\xda" +
	"\x98\x3e\x51\x52\xa8\x31\xc6\x6d\xb0\x03\x27\xc8\xbf\x59\x7f\xc7\xc6\xe0\x0b\xf3\xd5\xa7\x91\x47" +
	"\x06\xca\x63\x51\x14\x29\x29\x67\x27\xb7\x0a\x85\x2e\x1b\x21\x38\x4d\x2c\x6d\xfc\x53\x38\x0d\x13" +
	"\x65\x0a\x73\x54\x76\x6a\x0a\xbb\x81\xc2\xc9\x2e\x92\x72\x2c\x85\xa2\xbf\xe8\xa1\xa8\x1a\x66\x4b" +
	"\xc2\x4b\x8b\x70\xc7\x6c\x51\xa3\xd1\x92\xe8\x19\xd6\x99\x06\x24\xf4\x0e\x35\x85\x10\x6a\xa0\x70" +
	"\x19\xa4\xc1\x16\x1e\x37\x6c\x08\x27\x48\x77\x4c\x34\xb0\xbc\xb5\x39\x1c\x0c\xb3\x4e\xd8\xaa\x4a" +
	"\x5b\x9c\xca\x4f\x68\x2e\x6f\xf3\x74\x8f\x82\xee\x78\xa5\x63\x6f\x84\xc8\x78\x14\x8c\xc7\x02\x08" +
	"\x90\xbe\xff\xfa\xa4\x50\x6c\xeb\xbe\xf9\xa3\xf7\xc6\x71\x78\xf2"

func (d *digest) block(p []byte) {
	var w [64]uint32
	for i := 0; i < 16; i++ {
		w[i] = binary.BigEndian.Uint32(p[4*i:])
	}
	for i := 16; i < len(w); i++ {
		a, b := w[i-15], w[i-2]
		s0 := bits.RotateLeft32(a, -7) ^ bits.RotateLeft32(a, -18) ^ a>>3
		s1 := bits.RotateLeft32(b, -17) ^ bits.RotateLeft32(b, -19) ^ b>>10
		w[i] = w[i-16] + s0 + w[i-7] + s1
	}
	a, b, c, e := d.state[0], d.state[1], d.state[2], d.state[3]
	f, g, h, k := d.state[4], d.state[5], d.state[6], d.state[7]
	for i, word := range w {
		constant := uint32(roundConstants[4*i])<<24 | uint32(roundConstants[4*i+1])<<16 |
			uint32(roundConstants[4*i+2])<<8 | uint32(roundConstants[4*i+3])
		s1 := bits.RotateLeft32(f, -6) ^ bits.RotateLeft32(f, -11) ^ bits.RotateLeft32(f, -25)
		choice := f&g ^ ^f&h
		first := k + s1 + choice + constant + word
		s0 := bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22)
		majority := a&b ^ a&c ^ b&c
		k, h, g, f = h, g, f, e+first
		e, c, b, a = c, b, a, first+s0+majority
	}
	d.state[0] += a
	d.state[1] += b
	d.state[2] += c
	d.state[3] += e
	d.state[4] += f
	d.state[5] += g
	d.state[6] += h
	d.state[7] += k
}
