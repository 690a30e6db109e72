// escapecheck

// Structs and arrays of one pointer are kept in interfaces as they are.
package main

type one struct{ p *int }

type two struct{ p, q *int }

var sink any

func main() {
	n := 1
	sink = one{&n}
	sink = [1]*int{&n}
	sink = two{&n, nil}
}
