// escapecheck

// A method value that is kept takes its receiver along.
package main

type counter struct{ n int }

func (c *counter) inc() { c.n++ }

var hook func()

func main() {
	var c counter
	hook = c.inc
	hook()
	println(c.n)
}
