// errorcheck
package main

func generic[T any](x T) T { return x } // ERROR "not supported"

func main() {
	var c complex128 // ERROR "not supported"
	_ = c
}
