// errorcheck
package main

import (
	"fmt"
	"os" // ERROR "\"os\" imported and not used"
)

type shape interface{ area() int }
type square struct{}

func (s *square) area() int { return 1 }

func missing(n int) int {
	if n > 0 {
		return 1
	}
} // ERROR "missing return"

func main() {
	var s shape = square{} // ERROR "cannot use square{} (value of struct type square) as shape value in variable declaration: square does not implement shape (method area has pointer receiver)"
	unused := 1            // ERROR "declared and not used: unused"
	fmt.Println(s, undefined) // ERROR "undefined: undefined"
	var n int = "text" // ERROR "cannot use \"text\" (untyped string constant) as int value in variable declaration"
	n = n + 1.5 // ERROR "1.5 (untyped float constant) truncated to int"
	fmt.Println(n.x) // ERROR "n.x undefined (type int has no field or method x)"
	missing("a", 2) // ERROR "too many arguments in call to missing"
}
