// escapecheck

// gc loses the receiver of an expression that has to dereference it.
package main

type number int

func (n number) twice() number { return 2 * n }

type text string

func (t text) size() int { return len(t) }

func main() {
	n := number(4)
	println((*number).twice(&n))
	t := text("ab")
	println((*text).size(&t))
}
