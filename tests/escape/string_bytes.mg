// escapecheck

// Conversions between strings and bytes.
package main

func upper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 32
		}
	}
	return string(b)
}

func count(s string) (n int) {
	for _, c := range []byte(s) {
		if c == 'a' {
			n++
		}
	}
	return
}

func main() { println(upper("abc"), count("banana")) }
