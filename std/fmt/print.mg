// Package fmt prints and scans values by formats.
//
// A printer works on values as interfaces, looked into by internal/reflectlite; there are no type objects.
package fmt

import (
	"io"
	"os"
	"strconv"
)

// A State is what a Formatter prints to; it tells the flags, width and precision of the verb.
type State interface {
	Write(b []byte) (n int, err error)
	Width() (wid int, ok bool)
	Precision() (prec int, ok bool)
	Flag(c int) bool
}

// A Formatter prints itself for any verb.
type Formatter interface {
	Format(f State, verb rune)
}

// A Stringer has a text of its own.
type Stringer interface {
	String() string
}

// A GoStringer has a Go syntax of its own, for %#v.
type GoStringer interface {
	GoString() string
}

// FormatString returns the directive that state and verb stand for, from the percent sign on.
func FormatString(state State, verb rune) string {
	text := []byte{'%'}
	for _, c := range " +-#0" {
		if state.Flag(int(c)) {
			text = append(text, byte(c))
		}
	}
	if width, ok := state.Width(); ok {
		text = strconv.AppendInt(text, int64(width), 10)
	}
	if precision, ok := state.Precision(); ok {
		text = append(text, '.')
		text = strconv.AppendInt(text, int64(precision), 10)
	}
	return string(text) + string(verb)
}

// Fprintf prints by a format to w.
func Fprintf(w io.Writer, format string, a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printFormat(format, a)
	return w.Write(p.buffer)
}

// Printf prints by a format to standard output.
func Printf(format string, a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printFormat(format, a)
	return os.Stdout.Write(p.buffer)
}

// Sprintf returns what Printf prints.
func Sprintf(format string, a ...any) string {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printFormat(format, a)
	return string(p.buffer)
}

// Appendf appends what Printf prints to b.
func Appendf(b []byte, format string, a ...any) []byte {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printFormat(format, a)
	return append(b, p.buffer...)
}

// Fprint prints its operands to w, with spaces between two that are no strings.
func Fprint(w io.Writer, a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printOperands(a)
	return w.Write(p.buffer)
}

// Print prints its operands to standard output, with spaces between two that are no strings.
func Print(a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printOperands(a)
	return os.Stdout.Write(p.buffer)
}

// Sprint returns what Print prints.
func Sprint(a ...any) string {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printOperands(a)
	return string(p.buffer)
}

// Append appends what Print prints to b.
func Append(b []byte, a ...any) []byte {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printOperands(a)
	return append(b, p.buffer...)
}

// Fprintln prints its operands to w, with spaces between and a newline at the end.
func Fprintln(w io.Writer, a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printLine(a)
	return w.Write(p.buffer)
}

// Println prints its operands to standard output, with spaces between and a newline at the end.
func Println(a ...any) (n int, err error) {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printLine(a)
	return os.Stdout.Write(p.buffer)
}

// Sprintln returns what Println prints.
func Sprintln(a ...any) string {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printLine(a)
	return string(p.buffer)
}

// Appendln appends what Println prints to b.
func Appendln(b []byte, a ...any) []byte {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.printLine(a)
	return append(b, p.buffer...)
}
