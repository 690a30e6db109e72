// escapecheck

// A variadic slice that is kept.
package main

var all []int

func keep(values ...int) { all = values }

func first(values ...*int) *int { return values[0] }

func main() {
	keep(1, 2)
	n, m := 1, 2
	println(*first(&n, &m))
}
