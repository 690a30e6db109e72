// escapecheck

// A slice of a field assigned to the field.
package main

type buffer struct {
	data []byte
	tail []byte
}

func (b *buffer) skip(n int) {
	b.data = b.data[n:]
	b.tail = b.data
}

func main() {
	b := buffer{data: make([]byte, 8)}
	b.skip(2)
	println(len(b.data), len(b.tail))
}
