package strings

import "unicode/utf8"

// bytesToStringNoCopy makes a string of b without copying: b must not be
// written to afterwards (bytes beyond its length may).
func bytesToStringNoCopy(b []byte) string

// addressOf gives the address of b as a number: it keeps nothing alive.
func addressOf(b *Builder) uintptr

// A Builder collects a string piece by piece. The zero value is ready to use.
// It must not be copied once it is not empty.
//
// Bytes below len(buf) are never changed once written, so String can share
// them with the strings it has returned.
type Builder struct {
	self uintptr // where the builder was first written to, to notice copies; a number, so that b need not be in the heap
	buf  []byte
}

// checkNotCopied panics if the builder was copied by value: two builders that
// append to one array would overwrite each other's bytes.
func (b *Builder) checkNotCopied() {
	address := addressOf(b)
	if b.self == 0 {
		b.self = address
	} else if b.self != address {
		panic("strings: illegal use of non-zero Builder copied by value")
	}
}

// String returns the text collected so far.
func (b *Builder) String() string { return bytesToStringNoCopy(b.buf) }

// Len returns the number of bytes collected.
func (b *Builder) Len() int { return len(b.buf) }

// Cap returns the number of bytes there is room for, those collected included.
func (b *Builder) Cap() int { return cap(b.buf) }

// Reset makes the builder empty again.
func (b *Builder) Reset() {
	b.self = 0
	b.buf = nil
}

// Grow makes room for n more bytes; it panics if n is negative.
func (b *Builder) Grow(n int) {
	b.checkNotCopied()
	if n < 0 {
		panic("strings.Builder.Grow: negative count")
	}
	if cap(b.buf)-len(b.buf) < n {
		grown := make([]byte, len(b.buf), 2*cap(b.buf)+n)
		copy(grown, b.buf)
		b.buf = grown
	}
}

// Write appends p; the error is always nil.
func (b *Builder) Write(p []byte) (int, error) {
	b.checkNotCopied()
	b.buf = append(b.buf, p...)
	return len(p), nil
}

// WriteByte appends c; the error is always nil.
func (b *Builder) WriteByte(c byte) error {
	b.checkNotCopied()
	b.buf = append(b.buf, c)
	return nil
}

// WriteRune appends the encoding of r; the error is always nil.
func (b *Builder) WriteRune(r rune) (int, error) {
	b.checkNotCopied()
	before := len(b.buf)
	b.buf = utf8.AppendRune(b.buf, r)
	return len(b.buf) - before, nil
}

// WriteString appends s; the error is always nil.
func (b *Builder) WriteString(s string) (int, error) {
	b.checkNotCopied()
	b.buf = append(b.buf, s...)
	return len(s), nil
}
