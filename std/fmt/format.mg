package fmt

import (
	"internal/reflectlite"
	"strconv"
	"unicode/utf8"
)

const (
	lowerDigits = "0123456789abcdefx" // the last is the base's prefix letter
	upperDigits = "0123456789ABCDEFX"
)

// fill appends n bytes of padding: zeros only on the left.
func (p *printer) fill(n int) {
	c := byte(' ')
	if p.zero && !p.minus {
		c = '0'
	}
	for ; n > 0; n-- {
		p.char(c)
	}
}

// pad appends b, padded to the width.
func (p *printer) pad(b []byte) {
	missing := 0
	if p.hasWidth {
		missing = p.width - utf8.RuneCount(b)
	}
	if p.minus {
		p.buffer = append(p.buffer, b...)
		p.fill(missing)
	} else {
		p.fill(missing)
		p.buffer = append(p.buffer, b...)
	}
}

// padSpaces is pad without the zero flag.
func (p *printer) padSpaces(b []byte) {
	zero := p.zero
	p.zero = false
	p.pad(b)
	p.zero = zero
}

// padString is pad for a string.
func (p *printer) padString(s string) {
	if !p.hasWidth {
		p.text(s)
		return
	}
	p.pad([]byte(s))
}

// cut returns s up to the precision, counted in runes.
func (p *printer) cut(s string) string {
	if p.hasPrecision {
		n := p.precision
		for i := range s {
			if n == 0 {
				return s[:i]
			}
			n--
		}
	}
	return s
}

// printText prints s as %s does.
func (p *printer) printText(s string) { p.padString(p.cut(s)) }

func (p *printer) printBool(arg any, v bool, verb rune) {
	if verb != 't' && verb != 'v' {
		p.badVerb(arg, verb)
		return
	}
	p.padString(strconv.FormatBool(v))
}

func (p *printer) printString(arg any, s string, verb rune) {
	switch verb {
	case 'v':
		if p.sharpV {
			p.quote(s)
		} else {
			p.printText(s)
		}
	case 's':
		p.printText(s)
	case 'x':
		p.hexBytes(s, lowerDigits)
	case 'X':
		p.hexBytes(s, upperDigits)
	case 'q':
		p.quote(s)
	default:
		p.badVerb(arg, verb)
	}
}

func (p *printer) quote(s string) {
	s = p.cut(s)
	switch {
	case p.sharp && strconv.CanBackquote(s):
		p.padString("`" + s + "`")
	case p.plus:
		p.pad(strconv.AppendQuoteToASCII(nil, s))
	default:
		p.pad(strconv.AppendQuote(nil, s))
	}
}

func (p *printer) printBytes(b []byte, verb rune, typeString string) {
	switch verb {
	case 'v', 'd':
		opening, closing := byte('['), byte(']')
		if p.sharpV {
			p.text(typeString)
			if b == nil {
				p.text("(nil)")
				return
			}
			opening, closing = '{', '}'
		}
		p.char(opening)
		for i, c := range b {
			p.separate(i)
			if p.sharpV {
				p.hexadecimal(uint64(c), true)
			} else {
				p.integer(uint64(c), 10, false, verb, lowerDigits)
			}
		}
		p.char(closing)
	case 's', 'x', 'X', 'q':
		p.printString(nil, string(b), verb)
	default:
		p.printValue(b, verb, 0, reachable)
	}
}

// hexBytes prints the bytes of s in hexadecimal.
func (p *printer) hexBytes(s string, digits string) {
	if p.hasPrecision && p.precision < len(s) {
		s = s[:p.precision]
	}
	if s == "" {
		if p.hasWidth {
			p.fill(p.width)
		}
		return
	}
	width := 2 * len(s)
	if p.space {
		if p.sharp {
			width *= 2
		}
		width += len(s) - 1
	} else if p.sharp {
		width += 2
	}
	missing := 0
	if p.hasWidth {
		missing = p.width - width
	}
	if !p.minus {
		p.fill(missing)
	}
	for i := range len(s) {
		if p.space && i > 0 {
			p.char(' ')
		}
		if p.sharp && (p.space || i == 0) {
			p.char('0')
			p.char(digits[16])
		}
		p.char(digits[s[i]>>4])
		p.char(digits[s[i]&0xF])
	}
	if p.minus {
		p.fill(missing)
	}
}

func (p *printer) printInteger(arg any, v uint64, signed bool, verb rune) {
	switch verb {
	case 'v':
		if p.sharpV && !signed {
			p.hexadecimal(v, true)
		} else {
			p.integer(v, 10, signed, verb, lowerDigits)
		}
	case 'd':
		p.integer(v, 10, signed, verb, lowerDigits)
	case 'b':
		p.integer(v, 2, signed, verb, lowerDigits)
	case 'o', 'O':
		p.integer(v, 8, signed, verb, lowerDigits)
	case 'x':
		p.integer(v, 16, signed, verb, lowerDigits)
	case 'X':
		p.integer(v, 16, signed, verb, upperDigits)
	case 'c':
		p.pad(utf8.AppendRune(nil, codePoint(v)))
	case 'q':
		if p.plus {
			p.pad(strconv.AppendQuoteRuneToASCII(nil, codePoint(v)))
		} else {
			p.pad(strconv.AppendQuoteRune(nil, codePoint(v)))
		}
	case 'U':
		p.unicode(v)
	default:
		p.badVerb(arg, verb)
	}
}

// codePoint returns v as a rune, RuneError if it is too large for one.
func codePoint(v uint64) rune {
	if v > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(v)
}

// unicode prints U+0078, with the sharp flag U+0078 'x'.
func (p *printer) unicode(v uint64) {
	digits := strconv.AppendUint(nil, v, 16)
	text := []byte("U+")
	for i := max(p.precision, 4) - len(digits); i > 0; i-- {
		text = append(text, '0')
	}
	for _, c := range digits {
		if c >= 'a' {
			c -= 'a' - 'A'
		}
		text = append(text, c)
	}
	if p.sharp && v <= utf8.MaxRune && strconv.IsPrint(rune(v)) {
		text = append(text, " '"...)
		text = utf8.AppendRune(text, rune(v))
		text = append(text, '\'')
	}
	p.padSpaces(text)
}

// hexadecimal prints v in base 16 with or without 0x, whatever the sharp flag says.
func (p *printer) hexadecimal(v uint64, prefix bool) {
	sharp := p.sharp
	p.sharp = prefix
	p.integer(v, 16, false, 'v', lowerDigits)
	p.sharp = sharp
}

// integer prints v in a base, with the sign, prefix and leading zeros the flags ask for.
func (p *printer) integer(v uint64, base int, signed bool, verb rune, digits string) {
	negative := signed && int64(v) < 0
	if negative {
		v = -v
	}
	least := 0 // digits, with leading zeros
	if p.hasPrecision {
		least = p.precision
		if least == 0 && v == 0 {
			zero := p.zero
			p.zero = false
			p.fill(p.width)
			p.zero = zero
			return
		}
	} else if p.zero && !p.minus && p.hasWidth {
		least = p.width
		if negative || p.plus || p.space {
			least--
		}
	}
	if !p.hasWidth && least <= 1 && base == 10 && !p.plus && !p.space { // the usual case
		if negative {
			p.char('-')
		}
		p.buffer = strconv.AppendUint(p.buffer, v, 10)
		return
	}
	var storage [68]byte // 64 binary digits, a prefix and a sign
	buffer := storage[:]
	if least+3 > len(buffer) {
		buffer = make([]byte, least+3)
	}
	i := len(buffer)
	b := uint64(base)
	for {
		i--
		buffer[i] = digits[v%b]
		v /= b
		if v == 0 {
			break
		}
	}
	for len(buffer)-i < least {
		i--
		buffer[i] = '0'
	}
	if p.sharp {
		switch base {
		case 2:
			i -= 2
			buffer[i], buffer[i+1] = '0', 'b'
		case 8:
			if buffer[i] != '0' {
				i--
				buffer[i] = '0'
			}
		case 16:
			i -= 2
			buffer[i], buffer[i+1] = '0', digits[16]
		}
	}
	if verb == 'O' {
		i -= 2
		buffer[i], buffer[i+1] = '0', 'o'
	}
	switch {
	case negative:
		i--
		buffer[i] = '-'
	case p.plus:
		i--
		buffer[i] = '+'
	case p.space:
		i--
		buffer[i] = ' '
	}
	p.padSpaces(buffer[i:])
}

func (p *printer) printFloat(arg any, v float64, bitSize int, verb rune) {
	switch verb {
	case 'v':
		p.float(v, bitSize, 'g', -1)
	case 'b', 'g', 'G', 'x', 'X':
		p.float(v, bitSize, byte(verb), -1)
	case 'f', 'e', 'E':
		p.float(v, bitSize, byte(verb), 6)
	case 'F':
		p.float(v, bitSize, 'f', 6)
	default:
		p.badVerb(arg, verb)
	}
}

func (p *printer) printComplex(arg any, bitSize int, verb rune) {
	switch verb {
	case 'v', 'b', 'g', 'G', 'x', 'X', 'f', 'F', 'e', 'E':
		re, im := reflectlite.ComplexParts(arg)
		plus := p.plus
		p.char('(')
		p.printFloat(arg, re, bitSize, verb)
		p.plus = true
		p.printFloat(arg, im, bitSize, verb)
		p.text("i)")
		p.plus = plus
	default:
		p.badVerb(arg, verb)
	}
}

// float prints v in strconv's form, precision being that of the verb if none was given.
func (p *printer) float(v float64, bitSize int, form byte, precision int) {
	if p.hasPrecision {
		precision = p.precision
	}
	// text always has a sign in front.
	var storage [40]byte
	text := strconv.AppendFloat(append(storage[:0], '+'), v, form, precision, bitSize)
	if text[1] == '-' || text[1] == '+' {
		text = text[1:]
	}
	if p.space && text[0] == '+' && !p.plus {
		text[0] = ' '
	}
	if text[1] == 'I' || text[1] == 'N' {
		if text[1] == 'N' && !p.space && !p.plus {
			text = text[1:]
		}
		p.padSpaces(text)
		return
	}
	if p.sharp && form != 'b' {
		text = withPoint(text, form, precision)
	}
	if !p.plus && text[0] == '+' {
		p.pad(text[1:])
		return
	}
	if p.zero && !p.minus && p.hasWidth && p.width > len(text) {
		p.char(text[0])
		p.fill(p.width - len(text))
		p.buffer = append(p.buffer, text[1:]...)
		return
	}
	p.pad(text)
}

// withPoint makes a number show its decimal point and, for the forms that drop them, its trailing zeros.
func withPoint(text []byte, form byte, precision int) []byte {
	missing := 0 // digits up to the precision
	switch form {
	case 'g', 'G', 'x':
		missing = precision
		if missing < 0 {
			missing = 6
		}
	}
	tail := ""
	hasPoint, sawNonZero := false, false
	for i := 1; i < len(text); i++ {
		c := text[i]
		if c == '.' {
			hasPoint = true
			continue
		}
		if c == 'p' || c == 'P' || (c == 'e' || c == 'E') && form != 'x' && form != 'X' {
			tail = string(text[i:])
			text = text[:i]
			break
		}
		if c != '0' {
			sawNonZero = true
		}
		if sawNonZero {
			missing--
		}
	}
	if !hasPoint {
		if len(text) == 2 && text[1] == '0' {
			missing--
		}
		text = append(text, '.')
	}
	for ; missing > 0; missing-- {
		text = append(text, '0')
	}
	return append(text, tail...)
}

// printPointer prints the address of a pointer, map, channel, function or slice.
func (p *printer) printPointer(v any, verb rune) {
	switch reflectlite.Kind(v) {
	case reflectlite.KindChan, reflectlite.KindFunc, reflectlite.KindMap, reflectlite.KindPointer,
		reflectlite.KindSlice, reflectlite.KindUnsafePointer:
	default:
		p.badVerb(v, verb)
		return
	}
	address := uint64(reflectlite.PointerWord(v))
	switch verb {
	case 'v':
		switch {
		case p.sharpV:
			p.char('(')
			p.text(reflectlite.TypeString(v))
			p.text(")(")
			if address == 0 {
				p.text("nil")
			} else {
				p.hexadecimal(address, true)
			}
			p.char(')')
		case address == 0:
			p.padString("<nil>")
		default:
			p.hexadecimal(address, !p.sharp)
		}
	case 'p':
		p.hexadecimal(address, !p.sharp)
	case 'b', 'o', 'd', 'x', 'X':
		p.printInteger(v, address, false, verb)
	default:
		p.badVerb(v, verb)
	}
}
