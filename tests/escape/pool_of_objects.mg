// escapecheck

// Objects that are used again.
package main

type object struct{ data [8]int }

type pool struct{ free []*object }

func (p *pool) get() *object {
	if n := len(p.free); n > 0 {
		o := p.free[n-1]
		p.free = p.free[:n-1]
		return o
	}
	return new(object)
}

func (p *pool) put(o *object) { p.free = append(p.free, o) }

func main() {
	var p pool
	o := p.get()
	p.put(o)
	println(p.get() == o)
}
