// escapecheck

// Concatenations that stay and that leave.
package main

func join(a, b string) string { return a + "-" + b }

func main() {
	a, b := "x", "y"
	if a+b == "xy" {
		println(join(a, b))
	}
	a += b
	println(a)
}
