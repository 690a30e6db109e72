package bufio

import (
	"errors"
	"io"
	"unicode/utf8"
)

// MaxScanTokenSize is how large the buffer, and so a token, may grow unless Buffer sets another limit.
const MaxScanTokenSize = 64 * 1024

const startBufferSize = 4096

// Errors of a Scanner.
var (
	ErrTooLong         = errors.New("bufio.Scanner: token too long")
	ErrNegativeAdvance = errors.New("bufio.Scanner: SplitFunc returns negative advance count")
	ErrAdvanceTooFar   = errors.New("bufio.Scanner: SplitFunc returns advance count beyond input")
	ErrBadReadCount    = errors.New("bufio.Scanner: Read returned impossible count")
)

// ErrFinalToken, returned by a SplitFunc, makes its token the last (none at all if it is nil), without an error.
var ErrFinalToken = errors.New("final token")

// A SplitFunc finds the next token at the start of data: how much of it to skip and the token. It asks for more data by 0
// and nil. atEOF says that there is no more.
type SplitFunc func(data []byte, atEOF bool) (advance int, token []byte, err error)

// A Scanner splits input into tokens, by default lines.
type Scanner struct {
	source   io.Reader
	split    SplitFunc
	limit    int
	token    []byte
	buffer   []byte
	start    int // buffer[start:end] is not split yet
	end      int
	err      error
	empties  int // empty tokens in a row without progress
	scanning bool
	done     bool
}

// NewScanner returns a Scanner of lines.
func NewScanner(r io.Reader) *Scanner {
	return &Scanner{source: r, split: ScanLines, limit: MaxScanTokenSize}
}

// Err returns the first error but io.EOF.
func (s *Scanner) Err() error {
	if s.err == io.EOF {
		return nil
	}
	return s.err
}

// Bytes returns the last token; the next Scan may overwrite it.
func (s *Scanner) Bytes() []byte { return s.token }

// Text returns the last token as a string.
func (s *Scanner) Text() string { return string(s.token) }

// Buffer sets the first buffer and the largest size of one. It panics once scanning has begun.
func (s *Scanner) Buffer(buf []byte, max int) {
	if s.scanning {
		panic("Buffer called after Scan")
	}
	s.buffer = buf[0:cap(buf)]
	s.limit = max
}

// Split sets the SplitFunc. It panics once scanning has begun.
func (s *Scanner) Split(split SplitFunc) {
	if s.scanning {
		panic("Split called after Scan")
	}
	s.split = split
}

func (s *Scanner) fail(err error) {
	if s.err == nil || s.err == io.EOF {
		s.err = err
	}
}

// stop ends the scan without a token.
func (s *Scanner) stop() bool {
	s.start, s.end = 0, 0
	s.token = nil
	return false
}

// Scan goes on to the next token, and reports whether there is one. It panics if the SplitFunc gives very many empty
// tokens without advancing.
func (s *Scanner) Scan() bool {
	if s.done {
		return false
	}
	s.scanning = true
	for {
		if s.end > s.start || s.err != nil {
			advance, token, err := s.split(s.buffer[s.start:s.end], s.err != nil)
			if err != nil {
				if err == ErrFinalToken {
					s.token = token
					s.done = true
					return token != nil
				}
				s.fail(err)
				return s.stop()
			}
			if advance < 0 {
				s.fail(ErrNegativeAdvance)
				return s.stop()
			}
			if advance > s.end-s.start {
				s.fail(ErrAdvanceTooFar)
				return s.stop()
			}
			s.start += advance
			s.token = token
			if token != nil {
				if s.err == nil || advance > 0 {
					s.empties = 0
				} else {
					s.empties++
					if s.empties > maxEmptyReads {
						panic("bufio.Scan: too many empty tokens without progressing")
					}
				}
				return true
			}
		}
		if s.err != nil {
			return s.stop()
		}
		if !s.makeRoom() {
			return s.stop()
		}
		s.fill()
	}
}

// makeRoom leaves space at the end of the buffer.
func (s *Scanner) makeRoom() bool {
	if s.start > 0 && (s.end == len(s.buffer) || s.start > len(s.buffer)/2) {
		copy(s.buffer, s.buffer[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end < len(s.buffer) {
		return true
	}
	if len(s.buffer) >= s.limit || len(s.buffer) > 1<<62 {
		s.fail(ErrTooLong)
		return false
	}
	size := len(s.buffer) * 2
	if size == 0 {
		size = startBufferSize
	}
	buffer := make([]byte, min(size, s.limit))
	copy(buffer, s.buffer[s.start:s.end])
	s.buffer = buffer
	s.end -= s.start
	s.start = 0
	return true
}

// fill reads once more into the buffer.
func (s *Scanner) fill() {
	for empty := 0; ; empty++ {
		n, err := s.source.Read(s.buffer[s.end:])
		if n < 0 || n > len(s.buffer)-s.end {
			s.fail(ErrBadReadCount)
			return
		}
		s.end += n
		if err != nil {
			s.fail(err)
			return
		}
		if n > 0 {
			s.empties = 0
			return
		}
		if empty >= maxEmptyReads {
			s.fail(io.ErrNoProgress)
			return
		}
	}
}

// ScanBytes splits into bytes.
func ScanBytes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	return 1, data[0:1], nil
}

// ScanRunes splits into UTF-8 encoded runes; an invalid byte becomes the replacement character.
func ScanRunes(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	if data[0] < utf8.RuneSelf {
		return 1, data[0:1], nil
	}
	_, width := utf8.DecodeRune(data)
	if width > 1 {
		return width, data[0:width], nil
	}
	if !atEOF && !utf8.FullRune(data) {
		return 0, nil, nil
	}
	return 1, []byte(string(utf8.RuneError)), nil
}

// ScanLines splits into lines, without \n or \r\n. The last one needs no end.
func ScanLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if atEOF && len(data) == 0 {
		return 0, nil, nil
	}
	end := indexByte(data, '\n')
	advance = end + 1
	if end < 0 {
		if !atEOF {
			return 0, nil, nil
		}
		end = len(data)
		advance = end
	}
	if end > 0 && data[end-1] == '\r' {
		end--
	}
	return advance, data[:end], nil
}

// isSpace is unicode.IsSpace.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200A
}

// ScanWords splits into words between white space.
func ScanWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := 0
	for start < len(data) {
		r, width := utf8.DecodeRune(data[start:])
		if !isSpace(r) {
			break
		}
		start += width
	}
	for i := start; i < len(data); {
		r, width := utf8.DecodeRune(data[i:])
		if isSpace(r) {
			return i + width, data[start:i], nil
		}
		i += width
	}
	if atEOF && len(data) > start {
		return len(data), data[start:], nil
	}
	return start, nil, nil
}
