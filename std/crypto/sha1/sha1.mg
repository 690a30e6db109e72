// Package sha1 has the hash function SHA-1 (FIPS 180-4). It is broken as a
// protection against intent.
package sha1

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	Size      = 20 // bytes of a hash
	BlockSize = 64 // bytes of a block
)

type digest struct {
	state   [5]uint32
	pending [BlockSize]byte // the start of a block not yet complete
	length  uint64          // bytes written
}

// New returns a SHA-1 hash.
func New() hash.Hash {
	d := new(digest)
	d.Reset()
	return d
}

// Sum returns the hash of data.
func Sum(data []byte) (sum [Size]byte) {
	d := new(digest)
	d.Reset()
	d.Write(data)
	d.finish(&sum)
	return sum
}

func (d *digest) Reset() {
	*d = digest{state: [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}}
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

func (d *digest) block(p []byte) {
	var w [80]uint32
	for i := 0; i < 16; i++ {
		w[i] = binary.BigEndian.Uint32(p[4*i:])
	}
	for i := 16; i < len(w); i++ {
		w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, e, g := d.state[0], d.state[1], d.state[2], d.state[3], d.state[4]
	for i, word := range w {
		var f, k uint32
		switch i / 20 {
		case 0:
			f, k = b&c|^b&e, 0x5a827999
		case 1:
			f, k = b^c^e, 0x6ed9eba1
		case 2:
			f, k = b&c|b&e|c&e, 0x8f1bbcdc
		default:
			f, k = b^c^e, 0xca62c1d6
		}
		next := bits.RotateLeft32(a, 5) + f + g + k + word
		a, b, c, e, g = next, a, bits.RotateLeft32(b, 30), c, e
	}
	d.state[0] += a
	d.state[1] += b
	d.state[2] += c
	d.state[3] += e
	d.state[4] += g
}
