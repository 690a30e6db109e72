// Package hex converts between bytes and hexadecimal digits.
package hex

import (
	"errors"
	"fmt"
)

const digits = "0123456789abcdef"

// ErrLength is the error of an odd number of digits.
var ErrLength = errors.New("encoding/hex: odd length hex string")

// An InvalidByteError is a byte that is no hexadecimal digit.
type InvalidByteError byte

func (e InvalidByteError) Error() string {
	return fmt.Sprintf("encoding/hex: invalid byte: %#U", rune(e))
}

// EncodedLen returns the length of the encoding of n bytes.
func EncodedLen(n int) int { return n * 2 }

// DecodedLen returns the number of bytes x digits encode.
func DecodedLen(x int) int { return x / 2 }

// Encode writes the encoding of src to dst and returns its length.
func Encode(dst, src []byte) int {
	for i, b := range src {
		dst[2*i], dst[2*i+1] = digits[b>>4], digits[b&15]
	}
	return len(src) * 2
}

// AppendEncode appends the encoding of src.
func AppendEncode(dst, src []byte) []byte {
	for _, b := range src {
		dst = append(dst, digits[b>>4], digits[b&15])
	}
	return dst
}

// EncodeToString returns the encoding of src.
func EncodeToString(src []byte) string {
	return string(AppendEncode(make([]byte, 0, 2*len(src)), src))
}

// value returns what the digit c stands for, 16 if it is none.
func value(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 16
}

// Decode writes the bytes that src encodes to dst and returns their number. It
// stops at what is no digit.
func Decode(dst, src []byte) (int, error) {
	n := 0
	for ; n < len(src)/2; n++ {
		high, low := value(src[2*n]), value(src[2*n+1])
		if high == 16 {
			return n, InvalidByteError(src[2*n])
		}
		if low == 16 {
			return n, InvalidByteError(src[2*n+1])
		}
		dst[n] = high<<4 | low
	}
	if len(src)%2 == 1 {
		if last := src[len(src)-1]; value(last) == 16 {
			return n, InvalidByteError(last)
		}
		return n, ErrLength
	}
	return n, nil
}

// DecodeString returns the bytes that s encodes, those before an error.
func DecodeString(s string) ([]byte, error) {
	decoded := make([]byte, len(s)/2)
	n, err := Decode(decoded, []byte(s))
	return decoded[:n], err
}
