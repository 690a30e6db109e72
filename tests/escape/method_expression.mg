// escapecheck

// Method expressions are functions with the receiver first.
package main

type point struct{ x, y int }

func (p point) sum() int { return p.x + p.y }

func (p *point) move(n int) { p.x += n }

func main() {
	p := point{1, 2}
	f := (*point).move
	f(&p, 3)
	println(point.sum(p))
}
