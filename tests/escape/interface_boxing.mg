// escapecheck

// Values in interfaces: constants, variables, pointers.
package main

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var global shape

func main() {
	var s shape = square{2}
	global = square{3}
	var p shape = &square{4}
	println(s.area(), global.area(), p.area())
}
