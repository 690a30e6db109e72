// escapecheck

// A closure kept in a field of a local struct.
package main

type handler struct{ run func() int }

func main() {
	x := 3
	h := handler{func() int { return x }}
	println(h.run())
}
