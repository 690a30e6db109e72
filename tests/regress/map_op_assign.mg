// run

package main

import (
	"fmt"
	"strings"
)

type key struct {
	name string
	any
}

// try runs f and says what it panicked with and what is in the map afterwards.
func try(m map[any]int, f func()) {
	defer func() { fmt.Println(recover(), len(m)) }()
	f()
}

func main() {
	zero := 0
	m := map[any]int{}
	try(m, func() { m["a"]++ })
	try(m, func() { m["b"] /= zero })
	try(m, func() { m["c"] %= zero })
	try(m, func() { m[[]int{}]++ })
	try(m, func() { m[key{"d", []int{}}] += 2 })
	try(m, func() { m[key{"d", 1.5}] += 2 })
	try(m, func() { m["e"] -= len(m) })
	try(m, func() { m["f"] |= m["a"] | m["g"] })
	try(m, func() { m["h"] += func() int { m["i"] = 5; return len(m) }() })
	try(nil, func() { var none map[any]int; none["a"]++ })
	fmt.Println(m)

	// Keys of all lengths, some alike but for one byte.
	counts := map[string]int{}
	words := map[string]string{}
	for length := range 40 {
		for different := range length {
			text := []byte(strings.Repeat("x", length))
			text[different] = 'y'
			counts[string(text)]++
			counts[string(text[:length])] += 2
			words[string(text)] += "a"
			words[string(text)] += "b"
		}
	}
	same := 0
	for word, count := range counts {
		if count == 3 && words[word] == "ab" {
			same++
		}
	}
	fmt.Println(len(counts), len(words), same)

	numbers := map[int32]float64{}
	for i := range int32(100) {
		numbers[i%10] += 0.5
		numbers[i%10] *= 2
	}
	fmt.Println(numbers)
}
