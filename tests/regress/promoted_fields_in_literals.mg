// run
package main

import "fmt"

// Go 1.27: keys of struct literals may be promoted fields.

type Inner struct{ a, b int }

type Middle struct {
	Inner
	c string
	D any
}

type Outer struct {
	Middle
	e [2]int
}

type Large struct {
	Outer
	f1, f2, f3, f4, f5, f6, f7, f8, f9 int
}

func next(n *int) int { *n++; return *n }

var global = Outer{a: 1, e: [2]int{7, 8}, c: "global"}

func main() {
	n := 0
	fmt.Printf("%+v\n", Middle{a: next(&n), D: next(&n), b: next(&n)})
	fmt.Printf("%+v\n", Outer{D: Inner{b: 5}, c: "x", Inner: Inner{1, 2}})
	pointer := &Outer{b: 3}
	fmt.Printf("%+v\n", *pointer)
	fmt.Printf("%+v\n", []Large{{f9: 9, a: 1}, {e: [2]int{1: 4}}})
	fmt.Printf("%+v %+v\n", map[string]Middle{"k": {c: "v", a: 2}}, global)
	fmt.Println(Middle{b: 1} == Middle{Inner: Inner{b: 1}})
}
