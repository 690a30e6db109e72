// errorcheck
package main

// A malformed literal is one error; types are checked around it all the same.

var x int = "a" // ERROR "cannot use "a" (untyped string constant) as int value in variable declaration"

func main() {
	_ = 'ab' // ERROR "more than one character in rune literal"
	_ = "a\q" // ERROR "unknown escape"
	_ = 0x // ERROR "hexadecimal literal has no digits"
	_ = 1e // ERROR "exponent has no digits"
	var s string = '' // ERROR "empty rune literal or unescaped '"
	_ = s + 1 // ERROR "mismatched types string and untyped int"
	undefined() // ERROR "undefined: undefined"
}
