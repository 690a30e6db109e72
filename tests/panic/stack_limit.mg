// panic exit=2
package main

import (
	"fmt"
	"runtime/debug"
)

func f(n int) int {
	if n == 0 {
		return 0
	}
	return f(n-1) + 1
}

func main() {
	fmt.Println(debug.SetMaxStack(1 << 20))
	fmt.Println(f(1000))
	fmt.Println(f(100000000))
}
