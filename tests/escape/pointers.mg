// escapecheck

// Where the address of a variable goes decides where the variable lives.
package main

type pair struct{ left, right *int }

var global *int

func toGlobal() {
	x := 1
	global = &x
}

func toResult() *int {
	x := 2
	return &x
}

func stays() int {
	x := 3
	p := &x
	q := &p
	**q = 4
	return x
}

func throughStruct() *pair {
	x, y := 1, 2
	local := pair{&x, nil}
	kept := &pair{nil, &y}
	_ = local
	return kept
}

func throughPointer(target **int) {
	x := 5
	*target = &x
}

func newInt() int {
	p := new(int)
	*p = 6
	return *p
}

func main() {
	toGlobal()
	println(*toResult(), stays(), throughStruct() != nil, newInt())
	var p *int
	throughPointer(&p)
}
