// escapecheck

// A recursion that passes values on.
package main

func hanoi(n int, from, to, by string) int {
	if n == 0 {
		return 0
	}
	return hanoi(n-1, from, by, to) + 1 + hanoi(n-1, by, to, from)
}

func main() { println(hanoi(3, "a", "b", "c")) }
