// escapecheck

// Copies of structs share what they point at.
package main

type holder struct{ p *int }

func clone(h holder) holder { return h }

func main() {
	n := 1
	h := holder{&n}
	g := clone(h)
	*g.p = 2
	println(n)
}
