// Package crc32 has the cyclic redundancy check with 32 bits, lowest bit first
// (D. Sarwate, "Computation of Cyclic Redundancy Checks via Table Look-Up",
// 1988).
package crc32

import (
	"encoding/binary"
	"hash"
)

// Size is the number of bytes of a checksum.
const Size = 4

// Polynomials, bits reversed.
const (
	IEEE       = 0xedb88320 // Ethernet, zip, PNG
	Castagnoli = 0x82f63b78 // iSCSI
	Koopman    = 0xeb31d82e
)

// A Table holds the checks of all bytes for a polynomial.
type Table [256]uint32

// IEEETable is the table of IEEE; it is filled when first used.
var IEEETable = new(Table)

// MakeTable returns the table of the polynomial.
func MakeTable(poly uint32) *Table {
	if poly == IEEE {
		return ieee()
	}
	table := new(Table)
	table.fill(poly)
	return table
}

func (t *Table) fill(poly uint32) {
	for i := range t {
		check := uint32(i)
		for bit := 0; bit < 8; bit++ {
			check = check>>1 ^ poly&-(check&1)
		}
		t[i] = check
	}
}

// ieee returns IEEETable, filled. Its last entry is written last: goroutines
// that fill it at the same time write the same.
func ieee() *Table {
	if IEEETable[255] == 0 {
		IEEETable.fill(IEEE)
	}
	return IEEETable
}

// Update returns the checksum of what gave crc, followed by p.
func Update(crc uint32, tab *Table, p []byte) uint32 {
	if tab == IEEETable {
		ieee()
	}
	crc = ^crc
	for _, b := range p {
		crc = tab[byte(crc)^b] ^ crc>>8
	}
	return ^crc
}

// Checksum returns the checksum of data.
func Checksum(data []byte, tab *Table) uint32 { return Update(0, tab, data) }

// ChecksumIEEE returns the checksum of data with the polynomial IEEE.
func ChecksumIEEE(data []byte) uint32 { return Update(0, IEEETable, data) }

type digest struct {
	crc   uint32
	table *Table
}

// New returns a hash with the table; its Sum has the highest byte first.
func New(tab *Table) hash.Hash32 { return &digest{0, tab} }

// NewIEEE returns a hash with the polynomial IEEE.
func NewIEEE() hash.Hash32 { return New(IEEETable) }

func (d *digest) Write(p []byte) (n int, err error) {
	d.crc = Update(d.crc, d.table, p)
	return len(p), nil
}

func (d *digest) Sum32() uint32        { return d.crc }
func (d *digest) Sum(in []byte) []byte { return binary.BigEndian.AppendUint32(in, d.crc) }
func (d *digest) Reset()               { d.crc = 0 }
func (d *digest) Size() int            { return Size }
func (d *digest) BlockSize() int       { return 1 }
