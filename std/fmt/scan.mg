package fmt

import (
	"errors"
	"io"
	"os"
	"unicode/utf8"
)

// A ScanState is what a Scanner reads from. Its runes end at the width, if there is one.
type ScanState interface {
	ReadRune() (r rune, size int, err error)
	UnreadRune() error
	SkipSpace()
	Token(skipSpace bool, f func(rune) bool) (token []byte, err error)
	Width() (wid int, ok bool)
	Read(buf []byte) (n int, err error)
}

// A Scanner scans itself. The receiver is a pointer.
type Scanner interface {
	Scan(state ScanState, verb rune) error
}

// Scan reads operands separated by space, newlines included, from standard input. It returns how many it has set.
func Scan(a ...any) (n int, err error) { return Fscan(os.Stdin, a...) }

// Scanln is Scan up to the end of a line, which must follow the last operand.
func Scanln(a ...any) (n int, err error) { return Fscanln(os.Stdin, a...) }

// Scanf reads by a format from standard input. Newlines must match.
func Scanf(format string, a ...any) (n int, err error) { return Fscanf(os.Stdin, format, a...) }

// Sscan is Scan for a string.
func Sscan(str string, a ...any) (n int, err error) { return Fscan(&stringReader{str}, a...) }

// Sscanln is Scanln for a string.
func Sscanln(str string, a ...any) (n int, err error) { return Fscanln(&stringReader{str}, a...) }

// Sscanf is Scanf for a string.
func Sscanf(str string, format string, a ...any) (n int, err error) {
	return Fscanf(&stringReader{str}, format, a...)
}

// Fscan is Scan for a reader. If r has no UnreadRune, one rune may be lost between calls.
func Fscan(r io.Reader, a ...any) (n int, err error) {
	s := newScan(r)
	s.newlineIsSpace = true
	return s.scanOperands(a)
}

// Fscanln is Scanln for a reader.
func Fscanln(r io.Reader, a ...any) (n int, err error) {
	s := newScan(r)
	s.newlineIsEnd = true
	return s.scanOperands(a)
}

// Fscanf is Scanf for a reader.
func Fscanf(r io.Reader, format string, a ...any) (n int, err error) {
	return newScan(r).scanFormat(format, a)
}

type stringReader struct{ rest string }

func (r *stringReader) Read(b []byte) (n int, err error) {
	n = copy(b, r.rest)
	r.rest = r.rest[n:]
	if n == 0 {
		err = io.EOF
	}
	return n, err
}

// A runeReader reads runes from a reader that cannot, byte by byte, so that nothing is read too early.
type runeReader struct {
	source  io.Reader
	pending []byte // read, but not part of a rune yet
	last    rune
	held    bool // last was taken back
	hasLast bool
}

func (r *runeReader) ReadRune() (c rune, size int, err error) {
	if r.held {
		r.held = false
		return r.last, max(utf8.RuneLen(r.last), 1), nil
	}
	for len(r.pending) == 0 || !utf8.FullRune(r.pending) {
		var b [1]byte
		if _, err = io.ReadFull(r.source, b[:]); err != nil {
			if err == io.EOF && len(r.pending) > 0 {
				break
			}
			return 0, 0, err
		}
		r.pending = append(r.pending, b[0])
	}
	c, size = utf8.DecodeRune(r.pending)
	r.pending = r.pending[:copy(r.pending, r.pending[size:])]
	r.last, r.hasLast = c, true
	return c, size, nil
}

func (r *runeReader) UnreadRune() error {
	if r.held || !r.hasLast {
		return errors.New("fmt: scanning called UnreadRune with no rune available")
	}
	r.held = true
	return nil
}

const (
	endOfInput = -1
	noLimit    = 1 << 30
)

// A scan is the state of one call.
type scan struct {
	source         io.RuneScanner
	token          []byte
	count          int // runes read
	atEnd          bool
	newlineIsSpace bool
	newlineIsEnd   bool
	limit          int // of count, for the current operand
	width          int // of the current directive
}

func newScan(r io.Reader) *scan {
	source, ok := r.(io.RuneScanner)
	if !ok {
		source = &runeReader{source: r}
	}
	return &scan{source: source, limit: noLimit, width: noLimit}
}

// scanError is what a failed scan panics with, to be caught at the call that started it.
type scanError struct{ err error }

func (s *scan) fail(err error)       { panic(scanError{err}) }
func (s *scan) failText(text string) { panic(scanError{errors.New(text)}) }

// catch is deferred where a scan starts.
func catch(err *error) {
	reason := recover()
	if reason == nil {
		return
	}
	if failure, ok := reason.(scanError); ok {
		*err = failure.err
		return
	}
	panic(reason)
}

// Read is there for io.Reader's sake.
func (s *scan) Read(buf []byte) (n int, err error) {
	return 0, errors.New("ScanState's Read should not be called. Use ReadRune")
}

func (s *scan) ReadRune() (r rune, size int, err error) {
	if s.atEnd || s.count >= s.limit {
		return 0, 0, io.EOF
	}
	r, size, err = s.source.ReadRune()
	if err == nil {
		s.count++
		if s.newlineIsEnd && r == '\n' {
			s.atEnd = true
		}
	} else if err == io.EOF {
		s.atEnd = true
	}
	return r, size, err
}

func (s *scan) UnreadRune() error {
	s.source.UnreadRune()
	s.atEnd = false
	s.count--
	return nil
}

func (s *scan) Width() (wid int, ok bool) {
	if s.width == noLimit {
		return 0, false
	}
	return s.width, true
}

// Token reads runes that satisfy f (nil: that are no space). It is valid until the next Token.
func (s *scan) Token(skipSpace bool, f func(rune) bool) (token []byte, err error) {
	defer catch(&err)
	if f == nil {
		f = notSpace
	}
	s.token = s.token[:0]
	token = s.readToken(skipSpace, f)
	return token, err
}

// next reads a rune, endOfInput at the end. Other errors end the scan.
func (s *scan) next() rune {
	r, _, err := s.ReadRune()
	if err != nil {
		if err == io.EOF {
			return endOfInput
		}
		s.fail(err)
	}
	return r
}

// need reads a rune that must be there.
func (s *scan) need() rune {
	r := s.next()
	if r == endOfInput {
		s.fail(io.ErrUnexpectedEOF)
	}
	return r
}

// needMore fails with io.EOF at the end of the input.
func (s *scan) needMore() {
	if s.next() == endOfInput {
		s.fail(io.EOF)
	}
	s.UnreadRune()
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

func notSpace(r rune) bool { return !isSpace(r) }

func (s *scan) SkipSpace() {
	for {
		r := s.next()
		switch {
		case r == endOfInput:
			return
		case r == '\r' && s.peek("\n"):
		case r == '\n':
			if !s.newlineIsSpace {
				s.failText("unexpected newline")
			}
		case !isSpace(r):
			s.UnreadRune()
			return
		}
	}
}

func (s *scan) readToken(skipSpace bool, f func(rune) bool) []byte {
	if skipSpace {
		s.SkipSpace()
	}
	for {
		r := s.next()
		if r == endOfInput {
			return s.token
		}
		if !f(r) {
			s.UnreadRune()
			return s.token
		}
		s.token = utf8.AppendRune(s.token, r)
	}
}

func contains(set string, r rune) bool {
	for _, c := range set {
		if c == r {
			return true
		}
	}
	return false
}

// accept adds the next rune to the token if it is in the set, and reports whether it is.
func (s *scan) accept(set string) bool {
	r := s.next()
	if r == endOfInput {
		return false
	}
	if !contains(set, r) {
		s.UnreadRune()
		return false
	}
	s.token = utf8.AppendRune(s.token, r)
	return true
}

// peek reports whether the next rune is in the set.
func (s *scan) peek(set string) bool {
	r := s.next()
	if r == endOfInput {
		return false
	}
	s.UnreadRune()
	return contains(set, r)
}

// scanOperands does Scan's work.
func (s *scan) scanOperands(a []any) (n int, err error) {
	defer catch(&err)
	for _, arg := range a {
		s.scanOperand('v', arg)
		n++
	}
	if s.newlineIsEnd {
		for {
			r := s.next()
			if r == '\n' || r == endOfInput {
				break
			}
			if !isSpace(r) {
				s.failText("expected newline")
			}
		}
	}
	return n, err
}

// matchSpace matches a run of space in a format, and returns its length. Each newline in it matches space up to a newline
// or the end; other space, unless newlines come after it, matches some space that is no newline, or behind a newline any.
func (s *scan) matchSpace(format string) (length int) {
	newlines := 0
	spaceLast := false
	for length < len(format) {
		c, width := utf8.DecodeRuneInString(format[length:])
		if !isSpace(c) {
			break
		}
		spaceLast = c != '\n'
		if !spaceLast {
			newlines++
		}
		length += width
	}
	for range newlines {
		r := s.next()
		for isSpace(r) && r != '\n' {
			r = s.next()
		}
		if r != '\n' && r != endOfInput {
			s.failText("newline in format does not match input")
		}
	}
	if !spaceLast {
		return length
	}
	r := s.next()
	if newlines == 0 {
		if !isSpace(r) && r != endOfInput {
			s.failText("expected space in input to match format")
		}
		if r == '\n' {
			s.failText("newline in input does not match format")
		}
	}
	for isSpace(r) && r != '\n' {
		r = s.next()
	}
	if r != endOfInput {
		s.UnreadRune()
	}
	return length
}

// match matches the format up to the next directive, and returns how much of it that is, -1 if the input differs.
func (s *scan) match(format string) (length int) {
	for length < len(format) {
		c, width := utf8.DecodeRuneInString(format[length:])
		if isSpace(c) {
			length += s.matchSpace(format[length:])
			continue
		}
		if c == '%' {
			if length+width == len(format) {
				s.failText("missing verb: % at end of format string")
			}
			if format[length+width] != '%' {
				return length
			}
			length += width
		}
		if s.need() != c {
			s.UnreadRune()
			return -1
		}
		length += width
	}
	return length
}

// scanFormat does Scanf's work.
func (s *scan) scanFormat(format string, a []any) (n int, err error) {
	defer catch(&err)
	end := len(format) - 1
	for i := 0; i <= end; {
		matched := s.match(format[i:])
		if matched > 0 {
			i += matched
			continue
		}
		// What starts with %% gets a second chance as a directive, which skips space.
		if matched < 0 && format[i] != '%' {
			s.failText("input does not match format")
		}
		i++ // the percent sign
		var hasWidth bool
		s.width, hasWidth, i = number(format, i, end)
		if !hasWidth {
			s.width = noLimit
		}
		start := i
		verb, size := utf8.DecodeRuneInString(format[i:])
		i += size
		if verb != 'c' {
			s.SkipSpace()
		}
		if verb == '%' {
			s.needMore()
			if !s.accept("%") {
				s.failText("missing literal %")
			}
			continue
		}
		s.limit = min(noLimit, s.count+s.width)
		if n >= len(a) {
			s.failText("too few operands for format '%" + format[start:] + "'")
		}
		s.scanOperand(verb, a[n])
		n++
		s.limit = noLimit
	}
	if n < len(a) {
		s.failText("too many operands")
	}
	return n, err
}
