// escapecheck

// A type switch copies what it finds.
package main

func describe(v any) string {
	switch t := v.(type) {
	case nil:
		return "nil"
	case int:
		return "int"
	case *int:
		return "pointer"
	case string:
		return t
	case error:
		return t.Error()
	}
	return "?"
}

func main() {
	n := 1
	println(describe(n), describe(&n), describe("s"), describe(nil))
}
