package bufio

import (
	"io"
	"unicode/utf8"
)

// A Writer writes to another writer through a buffer. After an error nothing more is written.
type Writer struct {
	err    error
	buffer []byte
	used   int
	target io.Writer
}

// NewWriterSize returns a Writer with a buffer of at least size bytes: w itself if it is one.
func NewWriterSize(w io.Writer, size int) *Writer {
	if b, ok := w.(*Writer); ok && len(b.buffer) >= size {
		return b
	}
	if size <= 0 {
		size = defaultSize
	}
	return &Writer{buffer: make([]byte, size), target: w}
}

// NewWriter returns a Writer with a buffer of the usual size.
func NewWriter(w io.Writer) *Writer { return NewWriterSize(w, defaultSize) }

// Size returns the buffer's size.
func (b *Writer) Size() int { return len(b.buffer) }

// Reset drops what is buffered and the error, and writes to w from now on.
func (b *Writer) Reset(w io.Writer) {
	if b == w {
		return
	}
	if b.buffer == nil {
		b.buffer = make([]byte, defaultSize)
	}
	b.err = nil
	b.used = 0
	b.target = w
}

// Flush writes what is buffered.
func (b *Writer) Flush() error {
	if b.err != nil || b.used == 0 {
		return b.err
	}
	n, err := b.target.Write(b.buffer[:b.used])
	if n < b.used && err == nil {
		err = io.ErrShortWrite
	}
	if err != nil {
		if 0 < n && n < b.used {
			copy(b.buffer, b.buffer[n:b.used])
		}
		b.used -= n
		b.err = err
		return err
	}
	b.used = 0
	return nil
}

// Available returns how many bytes fit into the buffer.
func (b *Writer) Available() int { return len(b.buffer) - b.used }

// AvailableBuffer returns the free part of the buffer, with length 0, to append to and to write then.
func (b *Writer) AvailableBuffer() []byte { return b.buffer[b.used:][:0] }

// Buffered returns how many bytes are in the buffer.
func (b *Writer) Buffered() int { return b.used }

func (b *Writer) Write(p []byte) (n int, err error) {
	for len(p) > b.Available() && b.err == nil {
		var m int
		if b.used == 0 { // no need of the buffer
			m, b.err = b.target.Write(p)
		} else {
			m = copy(b.buffer[b.used:], p)
			b.used += m
			b.Flush()
		}
		n += m
		p = p[m:]
	}
	if b.err != nil {
		return n, b.err
	}
	m := copy(b.buffer[b.used:], p)
	b.used += m
	return n + m, nil
}

// WriteByte writes one byte.
func (b *Writer) WriteByte(c byte) error {
	if b.err != nil {
		return b.err
	}
	if b.used == len(b.buffer) && b.Flush() != nil {
		return b.err
	}
	b.buffer[b.used] = c
	b.used++
	return nil
}

// WriteRune writes r in UTF-8 and returns its width.
func (b *Writer) WriteRune(r rune) (size int, err error) {
	if 0 <= r && r < utf8.RuneSelf {
		if err = b.WriteByte(byte(r)); err != nil {
			return 0, err
		}
		return 1, nil
	}
	if b.err != nil {
		return 0, b.err
	}
	// A rune is not split between two writes.
	if b.Available() < utf8.UTFMax && b.Flush() != nil {
		return 0, b.err
	}
	return b.Write(utf8.AppendRune(nil, r))
}

// WriteString writes s.
func (b *Writer) WriteString(s string) (int, error) {
	n := 0
	for len(s) > b.Available() && b.err == nil {
		var m int
		sw, direct := b.target.(io.StringWriter)
		if b.used == 0 && direct {
			m, b.err = sw.WriteString(s)
		} else {
			m = copy(b.buffer[b.used:], s)
			b.used += m
			b.Flush()
		}
		n += m
		s = s[m:]
	}
	if b.err != nil {
		return n, b.err
	}
	m := copy(b.buffer[b.used:], s)
	b.used += m
	return n + m, nil
}

// ReadFrom writes everything from r; what is left in the buffer is not flushed.
func (b *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	if b.err != nil {
		return 0, b.err
	}
	from, direct := b.target.(io.ReaderFrom)
	for {
		if b.Available() == 0 && b.Flush() != nil {
			return n, b.err
		}
		if direct && b.used == 0 {
			m, err := from.ReadFrom(r)
			b.err = err
			return n + m, err
		}
		var m int
		empty := 0
		for ; empty < maxEmptyReads; empty++ {
			m, err = r.Read(b.buffer[b.used:])
			if m != 0 || err != nil {
				break
			}
		}
		if empty == maxEmptyReads {
			return n, io.ErrNoProgress
		}
		b.used += m
		n += int64(m)
		if err != nil {
			break
		}
	}
	if err == io.EOF {
		err = nil
		if b.Available() == 0 {
			err = b.Flush()
		}
	}
	return n, err
}

// A ReadWriter is a Reader and a Writer.
type ReadWriter struct {
	*Reader
	*Writer
}

// NewReadWriter puts r and w together.
func NewReadWriter(r *Reader, w *Writer) *ReadWriter { return &ReadWriter{r, w} }
