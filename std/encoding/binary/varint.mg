package binary

// The greatest lengths of an encoded integer of 16, 32 and 64 bits.
const (
	MaxVarintLen16 = 3
	MaxVarintLen32 = 5
	MaxVarintLen64 = 10
)

// AppendUvarint appends x in groups of seven bits, the lowest first, with the
// top bit set in all bytes but the last.
func AppendUvarint(buf []byte, x uint64) []byte {
	for x >= 0x80 {
		buf = append(buf, byte(x)|0x80)
		x >>= 7
	}
	return append(buf, byte(x))
}

// PutUvarint encodes x into buf and returns the number of bytes. It panics if
// buf is too short.
func PutUvarint(buf []byte, x uint64) int {
	n := 0
	for x >= 0x80 {
		buf[n] = byte(x) | 0x80
		x >>= 7
		n++
	}
	buf[n] = byte(x)
	return n + 1
}

// Uvarint decodes a number and returns it and the number of bytes read: 0 if
// buf is too short, -n if n bytes make more than 64 bits.
func Uvarint(buf []byte) (uint64, int) {
	x := uint64(0)
	for i, b := range buf {
		if i == MaxVarintLen64 || i == MaxVarintLen64-1 && b > 1 && b < 0x80 {
			return 0, -(i + 1)
		}
		x |= uint64(b&0x7F) << uint(7*i)
		if b < 0x80 {
			return x, i + 1
		}
	}
	return 0, 0
}

// zigzag maps integers of small magnitude to small numbers.
func zigzag(x int64) uint64 { return uint64(x)<<1 ^ uint64(x>>63) }

// AppendVarint appends x, its sign in the lowest bit.
func AppendVarint(buf []byte, x int64) []byte { return AppendUvarint(buf, zigzag(x)) }

// PutVarint encodes x into buf and returns the number of bytes. It panics if
// buf is too short.
func PutVarint(buf []byte, x int64) int { return PutUvarint(buf, zigzag(x)) }

// Varint decodes a number; see Uvarint.
func Varint(buf []byte) (int64, int) {
	x, n := Uvarint(buf)
	return int64(x>>1) ^ -int64(x&1), n
}
