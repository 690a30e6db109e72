// Package log writes lines with a prefix and the time.
package log

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"time"
)

// Flags: what stands in front of a line.
const (
	Ldate         = 1 << iota     // 2009/01/23
	Ltime                         // 01:23:23
	Lmicroseconds                 // 01:23:23.123123
	Llongfile                     // /a/b/c/d.mg:23
	Lshortfile                    // d.mg:23; before Llongfile
	LUTC                          // the time in UTC
	Lmsgprefix                    // the prefix goes in front of the message
	LstdFlags     = Ldate | Ltime // the standard logger's at first
)

// A Logger writes to a writer, each line with one call; goroutines may share it.
type Logger struct {
	lock   sync.Mutex
	prefix string
	flag   int
	out    io.Writer
}

// New returns a Logger.
func New(out io.Writer, prefix string, flag int) *Logger {
	return &Logger{prefix: prefix, flag: flag, out: out}
}

var standard = New(os.Stderr, "", LstdFlags)

// Default returns the logger that the functions of the package use.
func Default() *Logger { return standard }

func appendNumber(b []byte, n, width int) []byte {
	var digits [20]byte
	i := len(digits)
	for n > 0 || width > 0 {
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
		width--
	}
	return append(b, digits[i:]...)
}

// header appends what stands in front of a message.
func header(b []byte, t time.Time, prefix string, flag int, file string, line int) []byte {
	if flag&Lmsgprefix == 0 {
		b = append(b, prefix...)
	}
	if flag&(Ldate|Ltime|Lmicroseconds) != 0 {
		if flag&LUTC != 0 {
			t = t.UTC()
		}
		if flag&Ldate != 0 {
			year, month, day := t.Date()
			b = append(appendNumber(b, year, 4), '/')
			b = append(appendNumber(b, int(month), 2), '/')
			b = append(appendNumber(b, day, 2), ' ')
		}
		if flag&(Ltime|Lmicroseconds) != 0 {
			hour, minute, second := t.Clock()
			b = append(appendNumber(b, hour, 2), ':')
			b = append(appendNumber(b, minute, 2), ':')
			b = appendNumber(b, second, 2)
			if flag&Lmicroseconds != 0 {
				b = append(b, '.')
				b = appendNumber(b, t.Nanosecond()/1e3, 6)
			}
			b = append(b, ' ')
		}
	}
	if flag&(Lshortfile|Llongfile) != 0 {
		if flag&Lshortfile != 0 {
			for i := len(file) - 1; i > 0; i-- {
				if file[i] == '/' {
					file = file[i+1:]
					break
				}
			}
		}
		b = append(append(b, file...), ':')
		b = appendNumber(b, line, 1)
		b = append(b, ": "...)
	}
	if flag&Lmsgprefix != 0 {
		b = append(b, prefix...)
	}
	return b
}

// Output writes a line. calldepth counts the callers up to the one whose file is shown: 1 is Output's.
func (l *Logger) Output(calldepth int, s string) error {
	return l.write(calldepth+1, s)
}

func (l *Logger) write(depth int, s string) error {
	t := time.Now()
	l.lock.Lock()
	defer l.lock.Unlock()
	file, line := "", 0
	if l.flag&(Lshortfile|Llongfile) != 0 {
		var ok bool
		_, file, line, ok = runtime.Caller(depth)
		if !ok {
			file = "???"
		}
	}
	b := header(nil, t, l.prefix, l.flag, file, line)
	b = append(b, s...)
	if len(s) == 0 || s[len(s)-1] != '\n' {
		b = append(b, '\n')
	}
	_, err := l.out.Write(b)
	return err
}

// Print writes a line like fmt.Print.
func (l *Logger) Print(v ...any) { l.write(2, fmt.Sprint(v...)) }

// Printf writes a line like fmt.Printf.
func (l *Logger) Printf(format string, v ...any) { l.write(2, fmt.Sprintf(format, v...)) }

// Println writes a line like fmt.Println.
func (l *Logger) Println(v ...any) { l.write(2, fmt.Sprintln(v...)) }

// Fatal is Print, then os.Exit(1).
func (l *Logger) Fatal(v ...any) {
	l.write(2, fmt.Sprint(v...))
	os.Exit(1)
}

// Fatalf is Printf, then os.Exit(1).
func (l *Logger) Fatalf(format string, v ...any) {
	l.write(2, fmt.Sprintf(format, v...))
	os.Exit(1)
}

// Fatalln is Println, then os.Exit(1).
func (l *Logger) Fatalln(v ...any) {
	l.write(2, fmt.Sprintln(v...))
	os.Exit(1)
}

// Panic is Print, then a panic with the text.
func (l *Logger) Panic(v ...any) {
	s := fmt.Sprint(v...)
	l.write(2, s)
	panic(s)
}

// Panicf is Printf, then a panic with the text.
func (l *Logger) Panicf(format string, v ...any) {
	s := fmt.Sprintf(format, v...)
	l.write(2, s)
	panic(s)
}

// Panicln is Println, then a panic with the text.
func (l *Logger) Panicln(v ...any) {
	s := fmt.Sprintln(v...)
	l.write(2, s)
	panic(s)
}

// Flags returns the flags.
func (l *Logger) Flags() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.flag
}

// SetFlags sets the flags.
func (l *Logger) SetFlags(flag int) {
	l.lock.Lock()
	l.flag = flag
	l.lock.Unlock()
}

// Prefix returns the prefix.
func (l *Logger) Prefix() string {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.prefix
}

// SetPrefix sets the prefix.
func (l *Logger) SetPrefix(prefix string) {
	l.lock.Lock()
	l.prefix = prefix
	l.lock.Unlock()
}

// Writer returns where the lines go.
func (l *Logger) Writer() io.Writer {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.out
}

// SetOutput sets where the lines go.
func (l *Logger) SetOutput(w io.Writer) {
	l.lock.Lock()
	l.out = w
	l.lock.Unlock()
}
