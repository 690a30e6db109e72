// escapecheck

// Chains of values need no address.
package main

type vector struct{ x, y float64 }

func (v vector) plus(w vector) vector { return vector{v.x + w.x, v.y + w.y} }

func (v vector) scaled(f float64) vector { return vector{v.x * f, v.y * f} }

func main() {
	v := vector{1, 2}.plus(vector{3, 4}).scaled(2)
	println(v.x, v.y)
}
