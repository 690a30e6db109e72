// escapecheck

// Sorting with a closure.
package main

import (
	"sort"
	"strings"
)

func main() {
	words := strings.Split("b c a", " ")
	sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	sort.Strings(words)
	println(strings.Join(words, ","))
}
