// escapecheck

// A table of functions.
package main

func double(n int) int { return 2 * n }

func main() {
	k := 3
	table := map[string]func(int) int{
		"double": double,
		"times":  func(n int) int { return n * k },
	}
	println(table["double"](1), table["times"](2))
}
