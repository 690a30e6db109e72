// why sise unknown

package main

var kept *int

func main() {
	size, side, other := 1, 2, 3
	kept = &size
	kept = &side
	kept = &other
}
