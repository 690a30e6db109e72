// escapecheck

// A method value of a pointer binds the pointer.
package main

type counter struct{ n int }

func (c *counter) inc() { c.n++ }

func (c counter) get() int { return c.n }

func main() {
	c := &counter{}
	inc := c.inc
	inc()
	get := c.get
	println(get())
}
