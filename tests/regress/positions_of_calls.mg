// run
package main

import (
	"fmt"
	"runtime"
)

// Callers see the line of the call, also of the first in a function and of those with many results or lines.

func line() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

func many(a, b int) (int, int, int, string, error) {
	_, _, line, _ := runtime.Caller(1)
	return line, a, b, "", nil
}

func first() {
	_, _, here, _ := runtime.Caller(0)
	_, _, next, _ := runtime.Caller(0)
	_, _, above, _ := runtime.Caller(1)
	fmt.Println(here, next, above)
}

func main() {
	first()
	a,
		b, c,
		d, e := many(line(),
		line())
	fmt.Println(a, b, c, d, e)
	func() {
		_, _, here, _ := runtime.Caller(0)
		_, _, above, _ := runtime.Caller(1)
		fmt.Println(here, above)
	}()
	for i := 0; i < 1; i += line() {
		fmt.Println(line(), i,
			line(),
		)
	}
}
