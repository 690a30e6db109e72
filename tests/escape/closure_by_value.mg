// escapecheck

// A variable that never changes again is copied into the closure.
package main

func adder(n int) func(int) int {
	return func(m int) int { return n + m }
}

func main() { println(adder(1)(2)) }
