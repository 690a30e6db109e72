// run

// Results that are only ever read by recovery.

package main

import "fmt"

func never() int {
	defer func() {
		recover()
	}()
	panic("oops")
}

func unnamed() (a int, b string, _ int) {
	a, b = 1, "two"
	defer func() { recover() }()
	panic("XXX")
}

func main() {
	fmt.Println(never())
	a, b, c := unnamed()
	fmt.Println(a, b, c)
}
