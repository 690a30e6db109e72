// panic exit=2
package main

import "runtime/debug"

func f(n int) int {
	if n == 0 {
		return 0
	}
	var a [100]int
	a[n%100] = n
	return f(n-1) + a[(n+1)%100]
}

func main() {
	println(debug.SetMaxStack(1 << 20))
	println(debug.SetMaxStack(1 << 20))
	f(1000000)
}
