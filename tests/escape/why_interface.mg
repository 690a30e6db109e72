// why number

// An unknown method keeps what it is given.
package main

type keeper interface{ keep(*int) }

type box struct{ p *int }

func (b *box) keep(p *int) { b.p = p }

type hole struct{}

func (hole) keep(*int) {}

func choose(n int) keeper {
	if n > 0 {
		return &box{}
	}
	return hole{}
}

func main() {
	number := 1
	k := choose(number)
	k.keep(&number)
}
