package fmt

import (
	"errors"
	"internal/reflectlite"
	"io"
	"strconv"
)

const (
	binaryDigits  = "01"
	octalDigits   = "01234567"
	decimalDigits = "0123456789"
	hexDigits     = "0123456789aAbBcCdDeEfF"
	floatVerbs    = "beEfFgGv"
)

// scanOperand scans one value into what arg points to.
func (s *scan) scanOperand(verb rune, arg any) {
	s.token = s.token[:0]
	if scanner, ok := arg.(Scanner); ok {
		if err := scanner.Scan(s, verb); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			s.fail(err)
		}
		return
	}
	switch target := arg.(type) {
	case *int:
		*target = int(s.signed(verb, 64))
		return
	case *string:
		*target = s.word(verb)
		return
	case nil:
		s.failText("can't scan type: <nil>")
	}
	if reflectlite.Kind(arg) != reflectlite.KindPointer {
		s.failText("type not a pointer: " + reflectlite.TypeString(arg))
	}
	kind := reflectlite.ElemKind(arg)
	bitSize := reflectlite.BitSize(kind)
	switch kind {
	case reflectlite.KindBool:
		reflectlite.SetBool(arg, s.boolean(verb))
	case reflectlite.KindInt, reflectlite.KindInt8, reflectlite.KindInt16, reflectlite.KindInt32, reflectlite.KindInt64:
		reflectlite.SetInt(arg, s.signed(verb, bitSize))
	case reflectlite.KindUint, reflectlite.KindUint8, reflectlite.KindUint16, reflectlite.KindUint32,
		reflectlite.KindUint64, reflectlite.KindUintptr:
		reflectlite.SetUint(arg, s.unsigned(verb, bitSize))
	case reflectlite.KindFloat32, reflectlite.KindFloat64:
		switch arg.(type) {
		case *float32:
			s.checkVerb(verb, floatVerbs, "float32")
		case *float64:
			s.checkVerb(verb, floatVerbs, "float64")
		}
		s.SkipSpace()
		s.needMore()
		reflectlite.SetFloat(arg, s.toFloat(s.floatToken(), bitSize))
	case reflectlite.KindString:
		reflectlite.SetString(arg, s.word(verb))
	case reflectlite.KindSlice:
		if reflectlite.ElemKind(reflectlite.Elem(arg)) != reflectlite.KindUint8 {
			s.failText("can't scan type: " + reflectlite.TypeString(arg))
		}
		reflectlite.SetBytes(arg, []byte(s.word(verb)))
	default:
		s.failText("can't scan type: " + reflectlite.TypeString(arg))
	}
}

func (s *scan) checkVerb(verb rune, verbs, typeName string) {
	if !contains(verbs, verb) {
		s.failText("bad verb '%" + string(verb) + "' for " + typeName)
	}
}

func (s *scan) boolean(verb rune) bool {
	s.SkipSpace()
	s.needMore()
	s.checkVerb(verb, "tv", "boolean")
	wellFormed := true
	value := false
	switch s.next() {
	case '1':
		value = true
	case 't', 'T':
		value = true
		wellFormed = !s.accept("rR") || s.accept("uU") && s.accept("eE")
	case 'f', 'F':
		wellFormed = !s.accept("aA") || s.accept("lL") && s.accept("sS") && s.accept("eE")
	}
	if !wellFormed {
		s.fail(errors.New("syntax error scanning boolean"))
	}
	return value
}

// character scans one rune, for an integer of this size.
func (s *scan) character(bitSize int) int64 {
	s.needMore()
	r := int64(s.next())
	unused := uint(64 - bitSize)
	if r<<unused>>unused != r {
		s.failText("overflow on character value " + string(rune(r)))
	}
	return r
}

// integerToken reads an integer without its sign; base 0 means that its prefix tells.
func (s *scan) integerToken(verb rune) (token string, base int) {
	digits := decimalDigits
	base = 10
	needsDigit := true
	switch verb {
	case 'b':
		base, digits = 2, binaryDigits
	case 'o':
		base, digits = 8, octalDigits
	case 'x', 'X', 'U':
		base, digits = 16, hexDigits
	case 'v':
		base = 0
		if s.accept("0") {
			needsDigit = false
			switch {
			case s.accept("bB"):
				digits = binaryDigits
			case s.accept("xX"):
				digits = hexDigits
			default:
				s.accept("oO")
				digits = octalDigits
			}
		}
		digits += "_"
	}
	if needsDigit {
		s.needMore()
		if !s.accept(digits) {
			s.failText("expected integer")
		}
	}
	for s.accept(digits) {
	}
	return string(s.token), base
}

// integerStart skips space and, for %U, the U+.
func (s *scan) integerStart(verb rune) {
	s.SkipSpace()
	s.needMore()
	s.checkVerb(verb, "bdoUxXv", "integer")
	if verb == 'U' {
		if s.next() != 'U' || s.next() != '+' {
			s.failText("bad unicode format ")
		}
	}
}

func (s *scan) signed(verb rune, bitSize int) int64 {
	if verb == 'c' {
		return s.character(bitSize)
	}
	s.integerStart(verb)
	if verb != 'U' {
		s.accept("+-")
	}
	token, base := s.integerToken(verb)
	i, err := strconv.ParseInt(token, base, 64)
	if err != nil {
		s.fail(err)
	}
	unused := uint(64 - bitSize)
	if i<<unused>>unused != i {
		s.failText("integer overflow on token " + token)
	}
	return i
}

func (s *scan) unsigned(verb rune, bitSize int) uint64 {
	if verb == 'c' {
		return uint64(s.character(bitSize))
	}
	s.integerStart(verb)
	token, base := s.integerToken(verb)
	i, err := strconv.ParseUint(token, base, 64)
	if err != nil {
		s.fail(err)
	}
	unused := uint(64 - bitSize)
	if i<<unused>>unused != i {
		s.failText("unsigned integer overflow on token " + token)
	}
	return i
}

// floatToken reads what looks like a float; the conversion checks it.
func (s *scan) floatToken() string {
	s.token = s.token[:0]
	if s.accept("nN") && s.accept("aA") && s.accept("nN") {
		return string(s.token)
	}
	s.accept("+-")
	if s.accept("iI") && s.accept("nN") && s.accept("fF") {
		return string(s.token)
	}
	digits := decimalDigits + "_"
	exponent := "eEpP"
	if s.accept("0") && s.accept("xX") {
		digits = hexDigits + "_"
		exponent = "pP"
	}
	for s.accept(digits) {
	}
	if s.accept(".") {
		for s.accept(digits) {
		}
	}
	if s.accept(exponent) {
		s.accept("+-")
		for s.accept(decimalDigits + "_") {
		}
	}
	return string(s.token)
}

// toFloat converts a token. A decimal number may have a binary exponent.
func (s *scan) toFloat(token string, bitSize int) float64 {
	mantissa, exponent := token, 0
	for i := range len(token) {
		if token[i]|0x20 == 'x' {
			mantissa = token
			break
		}
		if token[i] == 'p' && len(mantissa) == len(token) {
			mantissa = token[:i]
		}
	}
	f, err := strconv.ParseFloat(mantissa, bitSize)
	if err == nil && len(mantissa) < len(token) {
		exponent, err = strconv.Atoi(token[len(mantissa)+1:])
	}
	if err != nil {
		if e, ok := err.(*strconv.NumError); ok {
			e.Num = token
		}
		s.fail(err)
	}
	for ; exponent > 0 && f != 0 && f-f == 0; exponent-- {
		f *= 2
	}
	for ; exponent < 0 && f != 0 && f-f == 0; exponent++ {
		f /= 2
	}
	return f
}

func (s *scan) word(verb rune) string {
	s.checkVerb(verb, "svqxX", "string")
	s.SkipSpace()
	s.needMore()
	switch verb {
	case 'q':
		return s.quotedString()
	case 'x', 'X':
		return s.hexString()
	}
	return string(s.readToken(true, notSpace))
}

func (s *scan) quotedString() string {
	quote := s.next()
	switch quote {
	case '`':
		for {
			r := s.need()
			if r == quote {
				return string(s.token)
			}
			s.token = append(s.token, string(r)...)
		}
	case '"':
		s.token = append(s.token, '"')
		for {
			r := s.need()
			s.token = append(s.token, string(r)...)
			if r == '\\' {
				s.token = append(s.token, string(s.need())...)
			} else if r == '"' {
				break
			}
		}
		text, err := strconv.Unquote(string(s.token))
		if err != nil {
			s.fail(err)
		}
		return text
	}
	s.failText("expected quoted string")
	return ""
}

// hexDigit returns a digit's value, -1 if r is none.
func hexDigit(r rune) int {
	switch {
	case '0' <= r && r <= '9':
		return int(r - '0')
	case 'a' <= r && r <= 'f':
		return int(r-'a') + 10
	case 'A' <= r && r <= 'F':
		return int(r-'A') + 10
	}
	return -1
}

func (s *scan) hexString() string {
	for {
		r := s.next()
		if r == endOfInput {
			break
		}
		high := hexDigit(r)
		if high < 0 {
			s.UnreadRune()
			break
		}
		low := hexDigit(s.need())
		if low < 0 {
			s.failText("illegal hex digit")
		}
		s.token = append(s.token, byte(high<<4|low))
	}
	if len(s.token) == 0 {
		s.failText("no hex data for %x string")
	}
	return string(s.token)
}
