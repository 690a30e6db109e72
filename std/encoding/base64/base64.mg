// Package base64 writes bytes with 64 printable characters (RFC 4648).
package base64

import "strconv"

// Padding characters.
const (
	StdPadding rune = '='
	NoPadding  rune = -1
)

// An Encoding is an alphabet with a way of padding.
type Encoding struct {
	alphabet string
	padding  rune
	strict   bool // the bits left over have to be zero
}

// NewEncoding returns a padded encoding with the alphabet, 64 different bytes
// other than line breaks. It panics if it is not that.
func NewEncoding(encoder string) *Encoding {
	if len(encoder) != 64 {
		panic("encoding alphabet is not 64-bytes long")
	}
	for i := 0; i < len(encoder); i++ {
		if encoder[i] == '\n' || encoder[i] == '\r' {
			panic("encoding alphabet contains newline character")
		}
		for j := 0; j < i; j++ {
			if encoder[j] == encoder[i] {
				panic("encoding alphabet includes duplicate symbols")
			}
		}
	}
	return &Encoding{encoder, StdPadding, false}
}

// WithPadding returns enc with another padding character, or none. It panics if
// the character is in the alphabet, no single byte, or a line break.
func (enc Encoding) WithPadding(padding rune) *Encoding {
	switch {
	case padding < NoPadding || padding == '\r' || padding == '\n' || padding > 0xFF:
		panic("invalid padding")
	case padding != NoPadding && enc.value(byte(padding)) >= 0:
		panic("padding contained in alphabet")
	}
	enc.padding = padding
	return &enc
}

// Strict returns enc with decoding that refuses other bits than zeros where
// bits are left over.
func (enc Encoding) Strict() *Encoding {
	enc.strict = true
	return &enc
}

const (
	common       = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	standard     = common + "+/"
	fileNameSafe = common + "-_"
)

// The encodings of RFC 4648; those with Raw have no padding.
var (
	StdEncoding    = &Encoding{standard, StdPadding, false}
	URLEncoding    = &Encoding{fileNameSafe, StdPadding, false}
	RawStdEncoding = &Encoding{standard, NoPadding, false}
	RawURLEncoding = &Encoding{fileNameSafe, NoPadding, false}
)

// EncodedLen returns the length of the encoding of n bytes.
func (enc *Encoding) EncodedLen(n int) int {
	if enc.padding == NoPadding {
		return n/3*4 + (n%3*8+5)/6
	}
	return (n + 2) / 3 * 4
}

// DecodedLen returns the greatest number of bytes n characters encode.
func (enc *Encoding) DecodedLen(n int) int {
	if enc.padding == NoPadding {
		return n/4*3 + n%4*6/8
	}
	return n / 4 * 3
}

// AppendEncode appends the encoding of src.
func (enc *Encoding) AppendEncode(dst, src []byte) []byte {
	for len(src) >= 3 {
		bits := uint(src[0])<<16 | uint(src[1])<<8 | uint(src[2])
		dst = append(dst, enc.alphabet[bits>>18], enc.alphabet[bits>>12&63], enc.alphabet[bits>>6&63], enc.alphabet[bits&63])
		src = src[3:]
	}
	switch len(src) {
	case 1:
		dst = append(dst, enc.alphabet[src[0]>>2], enc.alphabet[src[0]&3<<4])
		if enc.padding != NoPadding {
			dst = append(dst, byte(enc.padding), byte(enc.padding))
		}
	case 2:
		bits := uint(src[0])<<8 | uint(src[1])
		dst = append(dst, enc.alphabet[bits>>10], enc.alphabet[bits>>4&63], enc.alphabet[bits&15<<2])
		if enc.padding != NoPadding {
			dst = append(dst, byte(enc.padding))
		}
	}
	return dst
}

// Encode writes the encoding of src to dst, which has to be long enough.
func (enc *Encoding) Encode(dst, src []byte) {
	copy(dst[:enc.EncodedLen(len(src))], enc.AppendEncode(nil, src))
}

// EncodeToString returns the encoding of src.
func (enc *Encoding) EncodeToString(src []byte) string {
	return string(enc.AppendEncode(make([]byte, 0, enc.EncodedLen(len(src))), src))
}

// A CorruptInputError is the index of the first character that does not fit.
type CorruptInputError int64

func (e CorruptInputError) Error() string {
	return "illegal base64 data at input byte " + strconv.FormatInt(int64(e), 10)
}

// value returns what c stands for, -1 if it is not in the alphabet.
func (enc *Encoding) value(c byte) int {
	for i := 0; i < len(enc.alphabet); i++ {
		if enc.alphabet[i] == c {
			return i
		}
	}
	return -1
}

// AppendDecode appends the bytes that src encodes. Line breaks are skipped.
func (enc *Encoding) AppendDecode(dst, src []byte) ([]byte, error) {
	var values [256]int8
	for i := range values {
		values[i] = -1
	}
	for i := 0; i < len(enc.alphabet); i++ {
		values[enc.alphabet[i]] = int8(i)
	}
	bits, count := uint(0), 0 // of the group of four characters begun
	for at := 0; at < len(src); at++ {
		c := src[at]
		if c == '\n' || c == '\r' {
			continue
		}
		value := values[c]
		if value >= 0 {
			bits = bits<<6 | uint(value)
			count++
			if count == 4 {
				dst = append(dst, byte(bits>>16), byte(bits>>8), byte(bits))
				bits, count = 0, 0
			}
			continue
		}
		if rune(c) != enc.padding || count < 2 {
			return dst, CorruptInputError(at)
		}
		end := at
		if count == 2 {
			// A second padding character has to follow.
			end++
			for end < len(src) && (src[end] == '\n' || src[end] == '\r') {
				end++
			}
			if end == len(src) {
				return dst, CorruptInputError(len(src))
			}
			if rune(src[end]) != enc.padding {
				return dst, CorruptInputError(end - 1)
			}
		}
		// Nothing but line breaks may follow.
		for end++; end < len(src); end++ {
			if src[end] != '\n' && src[end] != '\r' {
				rest, err := enc.appendRest(dst, bits, count, at)
				if err != nil {
					return dst, err
				}
				return rest, CorruptInputError(end)
			}
		}
		return enc.appendRest(dst, bits, count, at)
	}
	if count == 0 {
		return dst, nil
	}
	if count == 1 || enc.padding != NoPadding {
		return dst, CorruptInputError(len(src) - count)
	}
	return enc.appendRest(dst, bits, count, len(src)-1)
}

// appendRest appends the one or two bytes of a group of count characters, which
// index at stands for in an error.
func (enc *Encoding) appendRest(dst []byte, bits uint, count, at int) ([]byte, error) {
	left := uint(4)
	if count == 3 {
		left = 2
	}
	if enc.strict && bits&(1<<left-1) != 0 {
		return dst, CorruptInputError(at)
	}
	bits >>= left
	if count == 3 {
		dst = append(dst, byte(bits>>8))
	}
	return append(dst, byte(bits)), nil
}

// Decode writes the bytes that src encodes to dst and returns their number.
func (enc *Encoding) Decode(dst, src []byte) (n int, err error) {
	decoded, err := enc.AppendDecode(nil, src)
	return copy(dst, decoded), err
}

// DecodeString returns the bytes that s encodes, those before an error.
func (enc *Encoding) DecodeString(s string) ([]byte, error) {
	return enc.AppendDecode(make([]byte, 0, enc.DecodedLen(len(s))), []byte(s))
}
