// escapecheck

// Structs without a name.
package main

func main() {
	p := struct{ x, y int }{1, 2}
	q := &struct {
		name string
		at   *int
	}{"a", &p.x}
	all := []struct {
		key   string
		value any
	}{{"n", 1}, {"s", "t"}}
	println(p.y, *q.at, len(all))
}
