// escapecheck

// A struct of one pointer is kept in an interface as it is: what it points at flows on, no box does.
package main

type visitor interface{ visit(n int) visitor }

type counter struct{ n *int }

func (c counter) visit(n int) visitor {
	*c.n += n
	return c
}

type pair struct{ p, q *int }

func (p pair) visit(int) visitor { return p }

func first(v any) *int { return v.(counter).n }

func second(v any) *int { return v.(pair).q }

func main() {
	n, m := 0, 0
	var v visitor = counter{&n}
	v.visit(1).visit(2)
	println(n, *first(counter{&m}), *second(pair{&m, &m}))
}
