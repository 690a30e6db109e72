// escapecheck

// From one interface to another nothing is allocated.
package main

type reader interface{ read() int }

type closer interface {
	reader
	close()
}

type file struct{ n int }

func (f *file) read() int { return f.n }
func (f *file) close()    {}

func use(r reader) int { return r.read() }

func main() {
	var c closer = &file{1}
	println(use(c))
}
