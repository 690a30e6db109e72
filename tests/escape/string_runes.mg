// escapecheck

// Conversions between strings and runes.
package main

type letters []rune

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}

func main() {
	l := letters("añb")
	println(reversed("añb"), len(l), string(rune(65)), string(l))
}
