// run

// A function whose code was copied into its caller is on the stack all the same.

package main

import (
	"fmt"
	"runtime"
)

func where() string {
	pc, _, line, ok := runtime.Caller(1)
	return fmt.Sprint(runtime.FuncForPC(pc).Name(), ":", line, ok)
}

func small() string { return where() }

func smaller() string {
	return small()
}

//go:noinline
func whole() string { return where() }

func names() []string {
	pcs := make([]uintptr, 10)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	var all []string
	for {
		frame, more := frames.Next()
		all = append(all, fmt.Sprint(frame.Function, ":", frame.Line))
		if !more || frame.Function == "main.main" {
			return all
		}
	}
}

type T struct{ n int }

func (t T) names() []string { return names() }

func (t *T) through() []string { return t.names() }

func main() {
	fmt.Println(where())
	fmt.Println(small(), smaller())
	fmt.Println(whole())
	fmt.Println((&T{1}).through())
	func() {
		fmt.Println(small())
	}()
}
