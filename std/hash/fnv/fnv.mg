// Package fnv has the hash functions FNV-1 and FNV-1a of G. Fowler, L. Noll and
// K.-P. Vo, with 32 and 64 bits (RFC 9923).
package fnv

import (
	"encoding/binary"
	"hash"
)

const (
	offset32 = 2166136261
	prime32  = 16777619
	offset64 = 14695981039346656037
	prime64  = 1099511628211
)

type fnv1With32 uint32

type fnv1aWith32 uint32

type fnv1With64 uint64

type fnv1aWith64 uint64

// New32 returns FNV-1 with 32 bits.
func New32() hash.Hash32 {
	h := fnv1With32(offset32)
	return &h
}

// New32a returns FNV-1a with 32 bits.
func New32a() hash.Hash32 {
	h := fnv1aWith32(offset32)
	return &h
}

// New64 returns FNV-1 with 64 bits.
func New64() hash.Hash64 {
	h := fnv1With64(offset64)
	return &h
}

// New64a returns FNV-1a with 64 bits.
func New64a() hash.Hash64 {
	h := fnv1aWith64(offset64)
	return &h
}

func (h *fnv1With32) Write(data []byte) (int, error) {
	sum := *h
	for _, c := range data {
		sum = sum*prime32 ^ fnv1With32(c)
	}
	*h = sum
	return len(data), nil
}

func (h *fnv1aWith32) Write(data []byte) (int, error) {
	sum := *h
	for _, c := range data {
		sum = (sum ^ fnv1aWith32(c)) * prime32
	}
	*h = sum
	return len(data), nil
}

func (h *fnv1With64) Write(data []byte) (int, error) {
	sum := *h
	for _, c := range data {
		sum = sum*prime64 ^ fnv1With64(c)
	}
	*h = sum
	return len(data), nil
}

func (h *fnv1aWith64) Write(data []byte) (int, error) {
	sum := *h
	for _, c := range data {
		sum = (sum ^ fnv1aWith64(c)) * prime64
	}
	*h = sum
	return len(data), nil
}

func (h *fnv1With32) Sum32() uint32  { return uint32(*h) }
func (h *fnv1aWith32) Sum32() uint32 { return uint32(*h) }
func (h *fnv1With64) Sum64() uint64  { return uint64(*h) }
func (h *fnv1aWith64) Sum64() uint64 { return uint64(*h) }

func (h *fnv1With32) Sum(b []byte) []byte  { return binary.BigEndian.AppendUint32(b, uint32(*h)) }
func (h *fnv1aWith32) Sum(b []byte) []byte { return binary.BigEndian.AppendUint32(b, uint32(*h)) }
func (h *fnv1With64) Sum(b []byte) []byte  { return binary.BigEndian.AppendUint64(b, uint64(*h)) }
func (h *fnv1aWith64) Sum(b []byte) []byte { return binary.BigEndian.AppendUint64(b, uint64(*h)) }

func (h *fnv1With32) Reset()  { *h = offset32 }
func (h *fnv1aWith32) Reset() { *h = offset32 }
func (h *fnv1With64) Reset()  { *h = offset64 }
func (h *fnv1aWith64) Reset() { *h = offset64 }

func (h *fnv1With32) Size() int  { return 4 }
func (h *fnv1aWith32) Size() int { return 4 }
func (h *fnv1With64) Size() int  { return 8 }
func (h *fnv1aWith64) Size() int { return 8 }

func (h *fnv1With32) BlockSize() int  { return 1 }
func (h *fnv1aWith32) BlockSize() int { return 1 }
func (h *fnv1With64) BlockSize() int  { return 1 }
func (h *fnv1aWith64) BlockSize() int { return 1 }
