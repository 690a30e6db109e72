// escapecheck

// The slice of a variadic call lives in the caller.
package main

func sum(all ...int) (n int) {
	for _, v := range all {
		n += v
	}
	return
}

func main() {
	println(sum(), sum(1), sum(1, 2, 3))
	println(sum([]int{4, 5}...))
}
