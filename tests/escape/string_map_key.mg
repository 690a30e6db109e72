// escapecheck

// A conversion that is only looked up.
package main

func main() {
	m := map[string]int{"a": 1}
	b := []byte{'a'}
	println(m[string(b)])
	if string(b) == "a" {
		m[string(b)] = 2
	}
	println(len(m))
}
