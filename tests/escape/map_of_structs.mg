// escapecheck

// Keys and values that hold pointers.
package main

type key struct{ p *int }

func main() {
	a, b := 1, 2
	m := map[key]key{}
	m[key{&a}] = key{&b}
	_, ok := m[key{&a}]
	delete(m, key{&a})
	println(ok)
}
