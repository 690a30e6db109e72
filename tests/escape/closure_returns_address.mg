// escapecheck

// A literal that returns the address of what is around it.
package main

func main() {
	x := 1
	p := func() *int { return &x }()
	*p = 2
	println(x)
}
