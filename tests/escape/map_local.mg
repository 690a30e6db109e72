// escapecheck

// A map that does not leave needs no heap of its own.
package main

func histogram(words []string) int {
	seen := make(map[string]int)
	for _, w := range words {
		seen[w]++
	}
	return len(seen)
}

func main() { println(histogram([]string{"a", "b", "a"})) }
