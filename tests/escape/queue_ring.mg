// escapecheck

// A ring buffer in an array.
package main

type ring struct {
	items       [4]*string
	first, size int
}

func (r *ring) put(s *string) {
	r.items[(r.first+r.size)%4] = s
	r.size++
}

func (r *ring) get() *string {
	s := r.items[r.first]
	r.first = (r.first + 1) % 4
	r.size--
	return s
}

func main() {
	var r ring
	a := "a"
	r.put(&a)
	println(*r.get())
}
