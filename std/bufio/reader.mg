// Package bufio puts buffers in front of readers and writers, and splits input into lines and other tokens.
package bufio

import (
	"errors"
	"io"
	"unicode/utf8"
)

const (
	defaultSize = 4096
	leastSize   = 16
	// maxEmptyReads is how many reads in a row may bring neither data nor an error.
	maxEmptyReads = 100
)

// Errors of misuse.
var (
	ErrInvalidUnreadByte = errors.New("bufio: invalid use of UnreadByte")
	ErrInvalidUnreadRune = errors.New("bufio: invalid use of UnreadRune")
	ErrBufferFull        = errors.New("bufio: buffer full")
	ErrNegativeCount     = errors.New("bufio: negative count")
)

var errNegativeRead = errors.New("bufio: reader returned negative count from Read")

// A Reader reads from another reader through a buffer.
type Reader struct {
	buffer   []byte
	source   io.Reader
	start    int // buffer[start:end] is read from source but not by the user
	end      int
	err      error
	lastByte int // for UnreadByte, -1 for none
	lastRune int // width for UnreadRune, -1 for none
}

// NewReaderSize returns a Reader with a buffer of at least size bytes: rd itself if it is one.
func NewReaderSize(rd io.Reader, size int) *Reader {
	if b, ok := rd.(*Reader); ok && len(b.buffer) >= size {
		return b
	}
	return &Reader{buffer: make([]byte, max(size, leastSize)), source: rd, lastByte: -1, lastRune: -1}
}

// NewReader returns a Reader with a buffer of the usual size.
func NewReader(rd io.Reader) *Reader { return NewReaderSize(rd, defaultSize) }

// Size returns the buffer's size.
func (b *Reader) Size() int { return len(b.buffer) }

// Reset drops what is buffered and reads from r from now on.
func (b *Reader) Reset(r io.Reader) {
	if b == r {
		return
	}
	buffer := b.buffer
	if buffer == nil {
		buffer = make([]byte, defaultSize)
	}
	*b = Reader{buffer: buffer, source: r, lastByte: -1, lastRune: -1}
}

// fill reads once more into the buffer, which is not full.
func (b *Reader) fill() {
	if b.start > 0 {
		copy(b.buffer, b.buffer[b.start:b.end])
		b.end -= b.start
		b.start = 0
	}
	for range maxEmptyReads {
		n, err := b.source.Read(b.buffer[b.end:])
		if n < 0 {
			panic(errNegativeRead)
		}
		b.end += n
		if err != nil {
			b.err = err
			return
		}
		if n > 0 {
			return
		}
	}
	b.err = io.ErrNoProgress
}

// takeError returns the source's error, once.
func (b *Reader) takeError() error {
	err := b.err
	b.err = nil
	return err
}

// Peek returns the next n bytes without reading them; they are valid until the next read. Fewer come with an error.
func (b *Reader) Peek(n int) ([]byte, error) {
	if n < 0 {
		return nil, ErrNegativeCount
	}
	b.lastByte, b.lastRune = -1, -1
	for b.end-b.start < n && b.end-b.start < len(b.buffer) && b.err == nil {
		b.fill()
	}
	if n > len(b.buffer) {
		return b.buffer[b.start:b.end], ErrBufferFull
	}
	var err error
	if available := b.end - b.start; available < n {
		n = available
		err = b.takeError()
		if err == nil {
			err = ErrBufferFull
		}
	}
	return b.buffer[b.start : b.start+n], err
}

// Discard skips n bytes. Fewer come with an error.
func (b *Reader) Discard(n int) (discarded int, err error) {
	if n < 0 {
		return 0, ErrNegativeCount
	}
	if n == 0 {
		return 0, nil
	}
	b.lastByte, b.lastRune = -1, -1
	for rest := n; ; {
		if b.start == b.end {
			b.fill()
		}
		skip := min(b.end-b.start, rest)
		b.start += skip
		rest -= skip
		if rest == 0 {
			return n, nil
		}
		if b.err != nil {
			return n - rest, b.takeError()
		}
	}
}

// Read reads with at most one read of the source, so maybe less than len(p).
func (b *Reader) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		if b.start < b.end {
			return 0, nil
		}
		return 0, b.takeError()
	}
	if b.start == b.end {
		if b.err != nil {
			return 0, b.takeError()
		}
		if len(p) >= len(b.buffer) { // no need of the buffer
			n, b.err = b.source.Read(p)
			if n < 0 {
				panic(errNegativeRead)
			}
			if n > 0 {
				b.lastByte, b.lastRune = int(p[n-1]), -1
			}
			return n, b.takeError()
		}
		b.start, b.end = 0, 0
		n, b.err = b.source.Read(b.buffer)
		if n < 0 {
			panic(errNegativeRead)
		}
		if n == 0 {
			return 0, b.takeError()
		}
		b.end = n
	}
	n = copy(p, b.buffer[b.start:b.end])
	b.start += n
	b.lastByte, b.lastRune = int(b.buffer[b.start-1]), -1
	return n, nil
}

// ReadByte reads one byte.
func (b *Reader) ReadByte() (byte, error) {
	b.lastRune = -1
	for b.start == b.end {
		if b.err != nil {
			return 0, b.takeError()
		}
		b.fill()
	}
	c := b.buffer[b.start]
	b.start++
	b.lastByte = int(c)
	return c, nil
}

// UnreadByte takes the last byte back; the operation before must have read one.
func (b *Reader) UnreadByte() error {
	if b.lastByte < 0 || b.start == 0 && b.end > 0 {
		return ErrInvalidUnreadByte
	}
	if b.start > 0 {
		b.start--
	} else {
		b.end = 1
	}
	b.buffer[b.start] = byte(b.lastByte)
	b.lastByte, b.lastRune = -1, -1
	return nil
}

// ReadRune reads one UTF-8 encoded rune; an invalid byte is RuneError of size 1.
func (b *Reader) ReadRune() (r rune, size int, err error) {
	for b.end-b.start < utf8.UTFMax && !utf8.FullRune(b.buffer[b.start:b.end]) && b.err == nil &&
		b.end-b.start < len(b.buffer) {
		b.fill()
	}
	b.lastRune = -1
	if b.start == b.end {
		return 0, 0, b.takeError()
	}
	r, size = utf8.DecodeRune(b.buffer[b.start:b.end])
	b.start += size
	b.lastByte = int(b.buffer[b.start-1])
	b.lastRune = size
	return r, size, nil
}

// UnreadRune takes the last rune back; the operation before must have been ReadRune.
func (b *Reader) UnreadRune() error {
	if b.lastRune < 0 || b.start < b.lastRune {
		return ErrInvalidUnreadRune
	}
	b.start -= b.lastRune
	b.lastByte, b.lastRune = -1, -1
	return nil
}

// Buffered returns how many bytes can be read without reading the source.
func (b *Reader) Buffered() int { return b.end - b.start }

// indexByte returns where c is in p, -1 if nowhere.
func indexByte(p []byte, c byte) int {
	for i, d := range p {
		if d == c {
			return i
		}
	}
	return -1
}

// ReadSlice reads up to and with delim; the bytes are valid until the next read. An error comes with what was read before
// it: ErrBufferFull if delim is not within a full buffer.
func (b *Reader) ReadSlice(delim byte) (line []byte, err error) {
	searched := 0
	for {
		if i := indexByte(b.buffer[b.start+searched:b.end], delim); i >= 0 {
			i += searched
			line = b.buffer[b.start : b.start+i+1]
			b.start += i + 1
			break
		}
		if b.err != nil {
			line = b.buffer[b.start:b.end]
			b.start = b.end
			err = b.takeError()
			break
		}
		if b.end-b.start >= len(b.buffer) {
			b.start = b.end
			line = b.buffer
			err = ErrBufferFull
			break
		}
		searched = b.end - b.start
		b.fill()
	}
	if i := len(line) - 1; i >= 0 {
		b.lastByte, b.lastRune = int(line[i]), -1
	}
	return line, err
}

// ReadLine reads a line without its end, or a part of one that is too long for the buffer. Scanner or ReadString are simpler.
func (b *Reader) ReadLine() (line []byte, isPrefix bool, err error) {
	line, err = b.ReadSlice('\n')
	if err == ErrBufferFull {
		// A \r at the end may belong to the line's end.
		if len(line) > 0 && line[len(line)-1] == '\r' {
			b.start--
			line = line[:len(line)-1]
		}
		return line, true, nil
	}
	if len(line) == 0 {
		if err != nil {
			line = nil
		}
		return line, false, err
	}
	if line[len(line)-1] == '\n' {
		line = line[:len(line)-1]
		if len(line) > 0 && line[len(line)-1] == '\r' {
			line = line[:len(line)-1]
		}
	}
	return line, false, nil
}

// ReadBytes reads up to and with delim. An error comes with what was read before it.
func (b *Reader) ReadBytes(delim byte) ([]byte, error) {
	var line []byte
	for {
		part, err := b.ReadSlice(delim)
		line = append(line, part...)
		if err != ErrBufferFull {
			if line == nil {
				line = []byte{}
			}
			return line, err
		}
	}
}

// ReadString is ReadBytes for a string.
func (b *Reader) ReadString(delim byte) (string, error) {
	part, err := b.ReadSlice(delim)
	if err != ErrBufferFull {
		return string(part), err
	}
	line := append([]byte(nil), part...)
	rest, err := b.ReadBytes(delim)
	return string(append(line, rest...)), err
}

// WriteTo writes everything to w.
func (b *Reader) WriteTo(w io.Writer) (n int64, err error) {
	b.lastByte, b.lastRune = -1, -1
	for {
		if b.start < b.end {
			m, err := w.Write(b.buffer[b.start:b.end])
			b.start += m
			n += int64(m)
			if err != nil {
				return n, err
			}
		}
		if b.err != nil {
			break
		}
		b.fill()
	}
	if b.err == io.EOF {
		b.err = nil
	}
	return n, b.takeError()
}
