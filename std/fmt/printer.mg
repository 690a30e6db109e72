package fmt

import (
	"internal/reflectlite"
	"unicode/utf8"
)

// flags are what stands between the percent sign and the verb.
type flags struct {
	width, precision       int
	hasWidth, hasPrecision bool
	minus, plus, sharp     bool
	space, zero            bool
	plusV, sharpV          bool // %+v and %#v: plus and sharp are then off, for the values inside
}

// roomForText is how long a text may get before it needs the heap.
const roomForText = 128

// A printer collects the output of one call. It is the State of Formatters.
type printer struct {
	buffer []byte
	flags
	reordered bool // the format used argument indexes
	goodIndex bool // those of the current directive are valid
	panicking bool // printing the value of a panic: a further panic gets through
	erroring  bool // printing a bad operand: no methods are called
	mayWrap   bool // %w is allowed: Errorf
	wrapped   []int
}

func (p *printer) Write(b []byte) (n int, err error) {
	p.buffer = append(p.buffer, b...)
	return len(b), nil
}

// WriteString makes io.WriteString to a State cheap.
func (p *printer) WriteString(s string) (n int, err error) {
	p.buffer = append(p.buffer, s...)
	return len(s), nil
}

func (p *printer) Width() (wid int, ok bool)      { return p.width, p.hasWidth }
func (p *printer) Precision() (prec int, ok bool) { return p.precision, p.hasPrecision }

func (p *printer) Flag(c int) bool {
	switch c {
	case '-':
		return p.minus
	case '+':
		return p.plus || p.plusV
	case '#':
		return p.sharp || p.sharpV
	case ' ':
		return p.space
	case '0':
		return p.zero
	}
	return false
}

func (p *printer) text(s string)    { p.buffer = append(p.buffer, s...) }
func (p *printer) char(c byte)      { p.buffer = append(p.buffer, c) }
func (p *printer) codePoint(r rune) { p.buffer = utf8.AppendRune(p.buffer, r) }

// printOperands does Print's work.
func (p *printer) printOperands(a []any) {
	afterString := false
	for i, arg := range a {
		isString := arg != nil && reflectlite.Kind(arg) == reflectlite.KindString
		if i > 0 && !isString && !afterString {
			p.char(' ')
		}
		p.printArgument(arg, 'v')
		afterString = isString
	}
}

// printLine does Println's work.
func (p *printer) printLine(a []any) {
	for i, arg := range a {
		if i > 0 {
			p.char(' ')
		}
		// A program that prints nothing but strings does without the rest.
		switch x := arg.(type) {
		case nil:
			p.text("<nil>")
		case string:
			p.text(x)
		default:
			p.printArgument(arg, 'v')
		}
	}
	p.char('\n')
}

// tooLarge reports whether x is no sensible width, precision or index.
func tooLarge(x int) bool { return x > 1000000 || x < -1000000 }

// number reads the decimal number at format[start:end]; next is end if it is too large.
func number(format string, start, end int) (value int, found bool, next int) {
	for next = start; next < end && '0' <= format[next] && format[next] <= '9'; next++ {
		if tooLarge(value) {
			return 0, false, end
		}
		value = value*10 + int(format[next]-'0')
		found = true
	}
	return value, found, next
}

// integerOperand takes the operand of a star.
func integerOperand(a []any, index int) (value int, ok bool, next int) {
	if index >= len(a) {
		return 0, false, index
	}
	arg := a[index]
	switch kind := reflectlite.Kind(arg); {
	case reflectlite.KindInt <= kind && kind <= reflectlite.KindInt64:
		value, ok = int(reflectlite.Int(arg)), true
	case reflectlite.KindUint <= kind && kind <= reflectlite.KindUintptr:
		u := reflectlite.Uint(arg)
		value, ok = int(u), u < 1<<63
	}
	if !ok || tooLarge(value) {
		return 0, false, index + 1
	}
	return value, true, index + 1
}

// argumentIndex reads [n] at format[i:], if that is there, into the operand's index.
func (p *printer) argumentIndex(index int, format string, i int, count int) (newIndex, next int, found bool) {
	if i >= len(format) || format[i] != '[' {
		return index, i, false
	}
	p.reordered = true
	// What ends the format has to be [n] at least: of a shorter rest only the bracket is taken.
	for end := i + 1; end < len(format) && i+3 <= len(format); end++ {
		if format[end] != ']' {
			continue
		}
		n, ok, after := number(format, i+1, end)
		if !ok || after != end {
			p.goodIndex = false
			return index, end + 1, false
		}
		if n < 1 || n > count {
			p.goodIndex = false
			return index, end + 1, true
		}
		return n - 1, end + 1, true
	}
	p.goodIndex = false
	return index, i + 1, false
}

// printFormat does Printf's work.
func (p *printer) printFormat(format string, a []any) {
	end := len(format)
	index := 0          // of the operand that is next
	afterIndex := false // an argument index has just been read
	for i := 0; i < end; {
		start := i
		for i < end && format[i] != '%' {
			i++
		}
		p.text(format[start:i])
		if i == end {
			break
		}
		i++
		p.goodIndex = true
		p.flags = flags{}
		i = p.readFlags(format, i)

		index, i, afterIndex = p.argumentIndex(index, format, i, len(a))
		if i < end && format[i] == '*' {
			i++
			p.width, p.hasWidth, index = integerOperand(a, index)
			if !p.hasWidth {
				p.text("%!(BADWIDTH)")
			}
			if p.width < 0 {
				p.width = -p.width
				p.minus = true
				p.zero = false
			}
			afterIndex = false
		} else {
			p.width, p.hasWidth, i = number(format, i, end)
			if afterIndex && p.hasWidth { // the index belongs behind the width
				p.goodIndex = false
			}
		}

		if i+1 < end && format[i] == '.' {
			i++
			if afterIndex {
				p.goodIndex = false
			}
			index, i, afterIndex = p.argumentIndex(index, format, i, len(a))
			if i < end && format[i] == '*' {
				i++
				p.precision, p.hasPrecision, index = integerOperand(a, index)
				if p.precision < 0 {
					p.precision, p.hasPrecision = 0, false
				}
				if !p.hasPrecision {
					p.text("%!(BADPREC)")
				}
				afterIndex = false
			} else {
				p.precision, p.hasPrecision, i = number(format, i, end)
				if !p.hasPrecision {
					p.precision, p.hasPrecision = 0, true
				}
			}
		}
		if !afterIndex {
			index, i, afterIndex = p.argumentIndex(index, format, i, len(a))
		}
		if i >= end {
			p.text("%!(NOVERB)")
			break
		}

		verb, size := rune(format[i]), 1
		if verb >= utf8.RuneSelf {
			verb, size = utf8.DecodeRuneInString(format[i:])
		}
		i += size
		switch {
		case verb == '%':
			p.char('%')
			continue
		case !p.goodIndex:
			p.complain(verb, "(BADINDEX)")
			continue
		case index >= len(a):
			p.complain(verb, "(MISSING)")
			continue
		case verb == 'w':
			p.wrapped = append(p.wrapped, index)
		}
		if verb == 'v' || verb == 'w' {
			p.sharpV, p.sharp = p.sharp, false
			p.plusV, p.plus = p.plus, false
		}
		p.printArgument(a[index], verb)
		index++
	}
	if !p.reordered && index < len(a) {
		p.printExtra(a[index:])
	}
}

func (p *printer) readFlags(format string, i int) (next int) {
	for ; i < len(format); i++ {
		switch format[i] {
		case '#':
			p.sharp = true
		case '0':
			p.zero = true
		case '+':
			p.plus = true
		case '-':
			p.minus = true
		case ' ':
			p.space = true
		default:
			return i
		}
	}
	return i
}

func (p *printer) complain(verb rune, what string) {
	p.text("%!")
	p.codePoint(verb)
	p.text(what)
}

// printExtra names the operands that no directive used.
func (p *printer) printExtra(a []any) {
	p.flags = flags{}
	p.text("%!(EXTRA ")
	for i, arg := range a {
		if i > 0 {
			p.text(", ")
		}
		if arg == nil {
			p.text("<nil>")
		} else {
			p.text(reflectlite.TypeString(arg))
			p.char('=')
			p.printArgument(arg, 'v')
		}
	}
	p.char(')')
}
