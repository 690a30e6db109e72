// escapecheck

// Methods of embedded fields get the address of the field.
package main

type base struct{ id int }

func (b *base) set(n int) { b.id = n }

type derived struct {
	base
	name string
}

func main() {
	var d derived
	d.set(3)
	e := &derived{name: "e"}
	e.set(4)
	println(d.id, e.id)
}
