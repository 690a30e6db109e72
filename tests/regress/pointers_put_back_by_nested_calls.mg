// run

// Whether a store puts a pointer back where it came from was asked anew for every argument of nested calls: twice as
// long with each of these lines.
package main

import "fmt"

type buffer struct{ bytes []byte }

//go:noinline
func longer(a, b []byte) []byte {
	if len(a) > len(b) {
		return a
	}
	return b
}

//go:noinline
func (b *buffer) keepLonger() {
	x := b.bytes
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	x = longer(x, x)
	b.bytes = x
}

func main() {
	b := &buffer{bytes: []byte("what it was")}
	b.keepLonger()
	fmt.Println(string(b.bytes))
}
