// run
package main

import (
	"fmt"
	"runtime"
)

// A buffer that methods append to, in all ways, some of which lose it.
type buffer struct {
	text  []byte
	other []byte
	parts []*int
	next  *buffer
}

func (b *buffer) add(s string)    { b.text = append(b.text, s...) }
func (b *buffer) addByte(c byte)  { b.text = append(b.text, c) }
func (b *buffer) cut(n int)       { b.text = b.text[:n] }
func (b *buffer) quote(s string)  { b.text = quoted(b.text, s) }
func (b *buffer) cross(c *buffer) { b.text = append(c.text, 'c') }
func (b *buffer) both()           { b.text, b.other = b.other, b.text }
func (b *buffer) mix(t []byte)    { b.text = longer(b.text, t) }
func (b *buffer) keep(p *int)     { b.parts = append(b.parts, p) }
func (b *buffer) chain(t []byte)  { b.next.text = append(b.next.text, t...); b.text = append(b.text, 1) }
func (b *buffer) inner()          { b.next.text = append(b.text, 'i') }
func quoted(to []byte, s string) []byte {
	to = append(to, '"')
	to = append(to, s...)
	return append(to, '"')
}
func longer(a, b []byte) []byte {
	if len(a) > len(b) {
		return a
	}
	return b
}

var sum int

func note(b []byte) {
	for _, c := range b {
		sum = (sum*31 + int(c)) & 0xffffff
	}
}

//go:noinline
func churn(n int) int {
	var a [64]byte
	for i := range a {
		a[i] = byte(n)
	}
	t := make([]byte, 16)
	for i := range t {
		t[i] = a[i*3] + 1
	}
	if n > 0 {
		return churn(n-1) + int(t[3])
	}
	return int(t[0])
}

//go:noinline
func local(k int) []byte {
	b := buffer{text: make([]byte, 0, 40)}
	b.add("abc")
	b.addByte(byte(k))
	b.quote("q")
	b.cut(len(b.text) - 1)
	note(b.text)
	return append([]byte(nil), b.text...)
}

//go:noinline
func crossed(c *buffer, k int) {
	d := buffer{text: make([]byte, 0, 40)}
	d.add("crossed")
	c.cross(&d)
}

//go:noinline
func mixed(c *buffer) {
	t := make([]byte, 20, 30)
	t[3] = 7
	c.mix(t)
}

//go:noinline
func swapped(c *buffer) {
	c.other = make([]byte, 10, 30)
	c.other[2] = 9
	c.both()
}

//go:noinline
func kept(c *buffer) {
	x, y := 5, 6
	c.keep(&x)
	c.keep(&y)
}

//go:noinline
func linked(c *buffer) {
	d := buffer{text: make([]byte, 3, 30), next: c}
	d.add("linked")
	d.chain([]byte("xyz"))
	d.inner()
}

func main() {
	c := &buffer{}
	for i := 0; i < 50; i++ {
		note(local(i))
		crossed(c, i)
		churn(5)
		note(c.text)
		mixed(c)
		churn(6)
		note(c.text)
		swapped(c)
		churn(7)
		note(c.text)
		note(c.other)
		kept(c)
		churn(8)
		sum += *c.parts[0] + *c.parts[len(c.parts)-1]
		linked(c)
		churn(9)
		note(c.text)
		runtime.GC()
	}
	fmt.Println(sum)
}
