// escapecheck -m=2

// Function values and interfaces that calls return are called from temporaries.
package main

type T struct{ f func(*int) int }

func choose(b bool) func(*int) int { return nil }
func (t *T) get() func(*int) int   { return t.f }
func tt() *T                      { return nil }

func main() {
	var a, b, c, d, e, g, h int
	choose(true)(&a)
	println(choose(true)(&b))
	x := choose(true)(&c)
	tt().get()(&d)
	tt().f(&e)
	println(1, choose(true)(&g), x)
	defer choose(true)(&h)
}
