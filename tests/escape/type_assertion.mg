// escapecheck

// Assertions with and without ok.
package main

func number(v any) (int, bool) {
	n, ok := v.(int)
	return n, ok
}

func pointer(v any) *int { return v.(*int) }

func main() {
	n := 3
	m, ok := number(n)
	println(m, ok, *pointer(&n))
}
