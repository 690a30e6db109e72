// escapecheck

// Elements that are copied leave their slices.
package main

func main() {
	n := 1
	from := []*int{&n}
	to := make([]*int, 1)
	copy(to, from)
	clear(from)
	println(*to[0], from[0] == nil)
}
