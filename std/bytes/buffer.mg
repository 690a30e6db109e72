package bytes

import (
	"errors"
	"io"
	"unicode/utf8"
)

// ErrTooLarge is what a Buffer panics with when it cannot grow.
var ErrTooLarge = errors.New("bytes.Buffer: too large")

// smallBuffer is the capacity a buffer starts with.
const smallBuffer = 64

// A Buffer is a queue of bytes: written at the end, read at the front. The zero
// value is empty and ready to use.
type Buffer struct {
	buf  []byte // what is to be read is buf[at:]
	at   int
	last lastOperation
}

// lastOperation tells what can be undone: 0 nothing, readBytes one byte, a
// positive number a rune of that many bytes (or its last byte).
type lastOperation int8

const (
	nothingRead lastOperation = 0
	readBytes   lastOperation = -1
)

// NewBuffer returns a buffer that starts with the contents of buf and owns it.
func NewBuffer(buf []byte) *Buffer { return &Buffer{buf: buf} }

// NewBufferString returns a buffer that starts with s.
func NewBufferString(s string) *Buffer { return &Buffer{buf: []byte(s)} }

// Bytes returns the unread part, valid until the next change of the buffer.
func (b *Buffer) Bytes() []byte { return b.buf[b.at:] }

// AvailableBuffer returns an empty slice with room to append to and then Write.
func (b *Buffer) AvailableBuffer() []byte { return b.buf[len(b.buf):] }

// String returns the unread part; "<nil>" for a nil buffer.
func (b *Buffer) String() string {
	if b == nil {
		return "<nil>"
	}
	return string(b.buf[b.at:])
}

// Len returns the number of unread bytes.
func (b *Buffer) Len() int { return len(b.buf) - b.at }

// Cap returns the capacity of the underlying slice.
func (b *Buffer) Cap() int { return cap(b.buf) }

// Available returns how many bytes can be written without growing.
func (b *Buffer) Available() int { return cap(b.buf) - len(b.buf) }

// Truncate drops all but the first n unread bytes; it panics if n is out of
// range.
func (b *Buffer) Truncate(n int) {
	if n == 0 {
		b.Reset()
		return
	}
	b.last = nothingRead
	if n < 0 || n > b.Len() {
		panic("bytes.Buffer: truncation out of range")
	}
	b.buf = b.buf[:b.at+n]
}

// Reset makes the buffer empty and keeps its memory.
func (b *Buffer) Reset() {
	b.buf = b.buf[:0]
	b.at = 0
	b.last = nothingRead
}

// reuse starts again at the front of the memory if all has been read.
func (b *Buffer) reuse() {
	if b.Len() == 0 && b.at != 0 {
		b.Reset()
	}
}

// extend makes the slice n bytes longer and returns where they start.
func (b *Buffer) extend(n int) int {
	if n > b.Available() {
		b.reuse()
	}
	unread := b.Len()
	if length := len(b.buf); n <= b.Available() {
		b.buf = b.buf[:length+n]
		return length
	}
	capacity := cap(b.buf)
	switch {
	case b.buf == nil && n <= smallBuffer:
		b.buf = make([]byte, n, smallBuffer)
		return 0
	case n <= capacity/2-unread:
		// Enough room once what has been read is gone.
		copy(b.buf, b.buf[b.at:])
	case capacity > int(^uint(0)>>1)-capacity-n:
		panic(ErrTooLarge)
	default:
		wanted := len(b.buf) + n
		if wanted < 2*(capacity-b.at) {
			wanted = 2 * (capacity - b.at)
		}
		// Appending rounds the capacity up to what is allocated anyway.
		grown := append([]byte(nil), make([]byte, wanted)...)
		copy(grown, b.buf[b.at:])
		b.buf = grown
	}
	b.at = 0
	b.buf = b.buf[:unread+n]
	return unread
}

// Grow makes room for n more bytes; it panics if n is negative.
func (b *Buffer) Grow(n int) {
	if n < 0 {
		panic("bytes.Buffer.Grow: negative count")
	}
	b.reuse()
	start := b.extend(n)
	b.buf = b.buf[:start]
}

// Write appends p; the error is always nil.
func (b *Buffer) Write(p []byte) (n int, err error) {
	b.last = nothingRead
	start := b.extend(len(p))
	return copy(b.buf[start:], p), nil
}

// WriteString appends s; the error is always nil.
func (b *Buffer) WriteString(s string) (n int, err error) {
	b.last = nothingRead
	start := b.extend(len(s))
	return copy(b.buf[start:], s), nil
}

// WriteByte appends c; the error is always nil.
func (b *Buffer) WriteByte(c byte) error {
	b.last = nothingRead
	start := b.extend(1)
	b.buf[start] = c
	return nil
}

// WriteRune appends the encoding of r; the error is always nil.
func (b *Buffer) WriteRune(r rune) (n int, err error) {
	if 0 <= r && r < utf8.RuneSelf {
		return 1, b.WriteByte(byte(r))
	}
	b.last = nothingRead
	start := b.extend(utf8.UTFMax)
	b.buf = utf8.AppendRune(b.buf[:start], r)
	return len(b.buf) - start, nil
}

// ReadFrom appends all that r yields until its end.
func (b *Buffer) ReadFrom(r io.Reader) (n int64, err error) {
	b.last = nothingRead
	for {
		b.reuse()
		start := b.extend(MinRead)
		b.buf = b.buf[:start]
		count, err := r.Read(b.buf[start:cap(b.buf)])
		if count < 0 {
			panic(errors.New("bytes.Buffer: reader returned negative count from Read"))
		}
		b.buf = b.buf[:start+count]
		n += int64(count)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// WriteTo writes the unread part to w and makes the buffer empty.
func (b *Buffer) WriteTo(w io.Writer) (n int64, err error) {
	b.last = nothingRead
	if unread := b.Len(); unread > 0 {
		count, err := w.Write(b.buf[b.at:])
		if count > unread {
			panic("bytes.Buffer.WriteTo: invalid Write count")
		}
		b.at += count
		if err != nil {
			return int64(count), err
		}
		if count != unread {
			return int64(count), io.ErrShortWrite
		}
		n = int64(count)
	}
	b.Reset()
	return n, nil
}

// Read reads the next bytes into p; the error is io.EOF if there are none.
func (b *Buffer) Read(p []byte) (n int, err error) {
	b.last = nothingRead
	if b.Len() == 0 {
		b.Reset()
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	return copy(p, b.Next(len(p))), nil
}

// Next returns the next n bytes, fewer if there are no more, and counts them as
// read. The slice is valid until the next change of the buffer.
func (b *Buffer) Next(n int) []byte {
	b.last = nothingRead
	if n > b.Len() {
		n = b.Len()
	}
	next := b.buf[b.at : b.at+n]
	b.at += n
	if n > 0 {
		b.last = readBytes
	}
	return next
}

// Peek returns the next n bytes without reading them; if there are fewer, the
// error is io.EOF.
func (b *Buffer) Peek(n int) ([]byte, error) {
	if b.Len() < n {
		return b.buf[b.at:], io.EOF
	}
	return b.buf[b.at : b.at+n], nil
}

// ReadByte reads the next byte; the error is io.EOF if there is none.
func (b *Buffer) ReadByte() (byte, error) {
	if b.Len() == 0 {
		b.Reset()
		return 0, io.EOF
	}
	c := b.buf[b.at]
	b.at++
	b.last = readBytes
	return c, nil
}

// ReadRune reads the next code point; the error is io.EOF if there is none.
func (b *Buffer) ReadRune() (r rune, size int, err error) {
	if b.Len() == 0 {
		b.Reset()
		return 0, 0, io.EOF
	}
	r, size = utf8.DecodeRune(b.buf[b.at:])
	b.at += size
	b.last = lastOperation(size)
	return r, size, nil
}

// UnreadRune undoes ReadRune, if that was the last operation.
func (b *Buffer) UnreadRune() error {
	if b.last <= nothingRead {
		return errors.New("bytes.Buffer: UnreadRune: previous operation was not a successful ReadRune")
	}
	if b.at >= int(b.last) { // growing may have dropped the rune
		b.at -= int(b.last)
	}
	b.last = nothingRead
	return nil
}

// UnreadByte undoes the last byte of the last operation, if that read any.
func (b *Buffer) UnreadByte() error {
	if b.last == nothingRead {
		return errors.New("bytes.Buffer: UnreadByte: previous operation was not a successful read")
	}
	b.last = nothingRead
	if b.at > 0 {
		b.at--
	}
	return nil
}

// nextLine reads up to and including the first delim; the error is io.EOF if
// there is none.
func (b *Buffer) nextLine(delim byte) (line []byte, err error) {
	end := len(b.buf)
	if at := IndexByte(b.buf[b.at:], delim); at >= 0 {
		end = b.at + at + 1
	} else {
		err = io.EOF
	}
	line = b.buf[b.at:end]
	b.at = end
	b.last = readBytes
	return line, err
}

// ReadBytes reads up to and including the first delim; the error is io.EOF if
// the buffer ends before that.
func (b *Buffer) ReadBytes(delim byte) (line []byte, err error) {
	next, err := b.nextLine(delim)
	return append(line, next...), err
}

// ReadString is ReadBytes with a string as result.
func (b *Buffer) ReadString(delim byte) (line string, err error) {
	next, err := b.nextLine(delim)
	return string(next), err
}
