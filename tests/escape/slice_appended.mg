// escapecheck

// append and what it is given.
package main

func main() {
	var numbers []int
	var pointers []*int
	n := 1
	numbers = append(numbers, n)
	numbers = append(numbers, numbers...)
	pointers = append(pointers, &n)
	numbers = append(numbers)
	bytes := append([]byte("a"), "bc"...)
	println(len(numbers), len(pointers), len(bytes))
}
