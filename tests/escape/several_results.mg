// escapecheck

// The values of a call as the arguments of another.
package main

type point struct{ x, y int }

func two() (int, point) { return 1, point{2, 3} }

func show(values ...any) int { return len(values) }

func pass(n int, v any) any { return v }

func main() {
	println(show(two()))
	println(pass(two()) != nil)
	var a, b any = two()
	a, b = two()
	println(a != b)
	var c, _ any = two()
	println(c != nil)
}
