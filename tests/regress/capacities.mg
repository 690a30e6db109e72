// run
package main

import "fmt"

// Capacities are those of Go's size classes, where the memory escapes.

//go:noinline
func runes(s string) []rune { return []rune(s) }

//go:noinline
func bytes(s string) []byte { return []byte(s) }

var sink []any

func keep(v any) { sink = append(sink, v) }

func main() {
	text := "häuser, straßen und plätze in der größten stadt am fluß"
	for n := 0; n <= len(text); n += 3 {
		r, b := runes(text[:n]), bytes(text[:n])
		fmt.Print(len(r), ":", cap(r), " ", len(b), ":", cap(b), " ")
		for _, extra := range r[len(r):cap(r)] {
			if extra != 0 {
				fmt.Println("not zero")
			}
		}
	}
	fmt.Println()
	var numbers []int
	var words []string
	var small []byte
	for i := range 70 {
		numbers, words, small = append(numbers, i), append(words, "w"), append(small, 1)
		keep(numbers)
		keep(words)
		keep(small)
		fmt.Print(cap(numbers), " ", cap(words), " ", cap(small), " ")
	}
	fmt.Println()
	numbers = append(numbers, make([]int, 1000)...)
	numbers = append(numbers, 1)
	keep(numbers)
	fmt.Println(len(numbers), cap(numbers))
	// What is converted from a constant is as large as the text.
	ofConstant, runesOfConstant := []byte("héllo"), []rune("héllo")
	ofConstant[0], runesOfConstant[0] = 'x', 'x'
	fmt.Println(cap(ofConstant), cap(runesOfConstant), cap([]byte("")), cap([]rune("")))
	longer := append(runesOfConstant, '!')
	runesOfConstant[0] = 'J'
	fmt.Println(string(longer))
}
