// escapecheck

// Boxes in a variadic slice.
package main

func count(values ...any) int { return len(values) }

var last any

func keepLast(values ...any) { last = values[len(values)-1] }

func main() {
	n := 1
	println(count(n, "a", 2.5, nil, &n))
	keepLast(n, "b")
}
