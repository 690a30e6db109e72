// escapecheck

// Keys that are interfaces.
package main

func main() {
	m := map[any]int{1: 1, "a": 2}
	n := 7
	m[n] = 3
	println(m[n], m["a"])
	delete(m, n)
}
