// escapecheck

// Slices of named bytes become text by way of plain ones.
package main

type octet byte

type code rune

type name string

func main() {
	o := []octet{'a', 'b'}
	c := []code{'x', 'y'}
	println(string(o), name(c), len([]octet("ab")), len([]code(name("xy"))))
}
