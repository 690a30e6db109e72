// Package md5 has the hash function MD5 (RFC 1321). It is broken as a protection
// against intent.
package md5

import (
	"encoding/binary"
	"hash"
	"math"
	"math/bits"
)

const (
	Size      = 16 // bytes of a hash
	BlockSize = 64 // bytes of a block
)

type digest struct {
	state   [4]uint32
	pending [BlockSize]byte // the start of a block not yet complete
	length  uint64          // bytes written
}

// New returns an MD5 hash.
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
	*d = digest{state: [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}}
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
	d.Write(binary.LittleEndian.AppendUint64(padding, length*8))
	for i, word := range d.state {
		binary.LittleEndian.PutUint32(sum[4*i:], word)
	}
}

// sineTable holds |sin(i+1)| * 2**32 for i from 0 to 63.
type sineTable [64]uint32

// sinesWhenComputed is nil until the first block. Goroutines that compute the
// table at the same time store equal ones.
var sinesWhenComputed *sineTable

func sines() *sineTable {
	if sinesWhenComputed == nil {
		table := new(sineTable)
		for i := range table {
			table[i] = uint32(math.Abs(math.Sin(float64(i+1))) * (1 << 32))
		}
		sinesWhenComputed = table
	}
	return sinesWhenComputed
}

// rotations has the four rotations of each round in turn.
const rotations = "\x07\x0c\x11\x16\x05\x09\x0e\x14\x04\x0b\x10\x17\x06\x0a\x0f\x15"

func (d *digest) block(p []byte) {
	table := sines()
	var x [16]uint32
	for i := range x {
		x[i] = binary.LittleEndian.Uint32(p[4*i:])
	}
	a, b, c, e := d.state[0], d.state[1], d.state[2], d.state[3]
	for i := 0; i < 64; i++ {
		var f uint32
		k := i
		switch i >> 4 {
		case 0:
			f = b&c | ^b&e
		case 1:
			f = b&e | c&^e
			k = 5*i + 1
		case 2:
			f = b ^ c ^ e
			k = 3*i + 5
		default:
			f = c ^ (b | ^e)
			k = 7 * i
		}
		f += a + table[i] + x[k&15]
		a, e, c = e, c, b
		b += bits.RotateLeft32(f, int(rotations[i>>4<<2|i&3]))
	}
	d.state[0] += a
	d.state[1] += b
	d.state[2] += c
	d.state[3] += e
}
