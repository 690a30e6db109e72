// escapecheck

// Functions whose bodies are somewhere else.
package main

type T struct{}

func ext(p *int, n int, u uintptr, _ *int, s string) *int

//go:noescape
func safe(p *int, u uintptr) *int

//go:noescape

// doc
func safe2(p *int)

func (t *T) meth(q []byte)

func unnamed(*int, uintptr)

func user(p *int) {
	ext(p, 1, 2, p, "a")
}

func user2(p, q *int) *int {
	safe2(p)
	return safe(q, 1)
}

func f() {
	var a, b, c int
	ext(&a, 1, 2, nil, "")
	safe(&b, 2)
	unnamed(&c, 1)
	var t T
	t.meth(make([]byte, 3))
	g := ext
	g(&a, 1, 2, nil, "")
}

func main() {
}
