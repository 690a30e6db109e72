// Package hash says what hash functions look like.
package hash

import "io"

// A Hash takes bytes by Write, which never fails.
type Hash interface {
	io.Writer
	Sum(b []byte) []byte // appends the hash so far to b
	Reset()
	Size() int      // the number of bytes Sum appends
	BlockSize() int // Write is fastest with multiples of it
}

// A Hash32 gives 32 bits.
type Hash32 interface {
	Hash
	Sum32() uint32
}

// A Hash64 gives 64 bits.
type Hash64 interface {
	Hash
	Sum64() uint64
}
