package log

import (
	"fmt"
	"io"
	"os"
)

// The functions below are the methods of the standard logger, which writes to standard error.

// Output writes a line. calldepth counts the callers up to the one whose file is shown: 1 is Output's.
func Output(calldepth int, s string) error { return standard.write(calldepth+1, s) }

// Print writes a line like fmt.Print.
func Print(v ...any) { standard.write(2, fmt.Sprint(v...)) }

// Printf writes a line like fmt.Printf.
func Printf(format string, v ...any) { standard.write(2, fmt.Sprintf(format, v...)) }

// Println writes a line like fmt.Println.
func Println(v ...any) { standard.write(2, fmt.Sprintln(v...)) }

// Fatal is Print, then os.Exit(1).
func Fatal(v ...any) {
	standard.write(2, fmt.Sprint(v...))
	os.Exit(1)
}

// Fatalf is Printf, then os.Exit(1).
func Fatalf(format string, v ...any) {
	standard.write(2, fmt.Sprintf(format, v...))
	os.Exit(1)
}

// Fatalln is Println, then os.Exit(1).
func Fatalln(v ...any) {
	standard.write(2, fmt.Sprintln(v...))
	os.Exit(1)
}

// Panic is Print, then a panic with the text.
func Panic(v ...any) {
	s := fmt.Sprint(v...)
	standard.write(2, s)
	panic(s)
}

// Panicf is Printf, then a panic with the text.
func Panicf(format string, v ...any) {
	s := fmt.Sprintf(format, v...)
	standard.write(2, s)
	panic(s)
}

// Panicln is Println, then a panic with the text.
func Panicln(v ...any) {
	s := fmt.Sprintln(v...)
	standard.write(2, s)
	panic(s)
}

// Flags returns the flags.
func Flags() int { return standard.Flags() }

// SetFlags sets the flags.
func SetFlags(flag int) { standard.SetFlags(flag) }

// Prefix returns the prefix.
func Prefix() string { return standard.Prefix() }

// SetPrefix sets the prefix.
func SetPrefix(prefix string) { standard.SetPrefix(prefix) }

// Writer returns where the lines go.
func Writer() io.Writer { return standard.Writer() }

// SetOutput sets where the lines go.
func SetOutput(w io.Writer) { standard.SetOutput(w) }
