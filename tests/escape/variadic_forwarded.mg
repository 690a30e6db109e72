// escapecheck

// Variadic arguments passed on.
package main

func inner(values ...string) int { return len(values) }

func outer(prefix string, values ...string) int {
	return inner(append([]string{prefix}, values...)...)
}

func main() { println(outer("a", "b", "c")) }
