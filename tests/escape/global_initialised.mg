// escapecheck

// What package variables begin with.
package main

type item struct{ v any }

func one() int { return 1 }

func pair() (int, string) { return 1, "a" }

var (
	constant any = 1
	computed any = one()
	nested       = item{one()}
	pointer      = &item{2}
	table        = map[string]*item{"a": {3}}
	made         = make([]int, 3)
	a, b     any = pair()
	_            = []*item{{4}}
	_        any = one()
)

func main() { println(constant != computed, nested.v != pointer.v, len(table), len(made), a != b) }
