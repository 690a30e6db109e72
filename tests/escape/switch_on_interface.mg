// escapecheck

// Cases of an interface are boxed.
package main

type name string

func which(v any) int {
	switch v {
	case 1:
		return 1
	case "a", name("b"):
		return 2
	case nil:
		return 3
	}
	return 0
}

func main() { println(which(1), which("a"), which(nil)) }
