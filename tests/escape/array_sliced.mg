// escapecheck

// A slice of an array is its address.
package main

func whole() []int {
	var a [4]int
	return a[:]
}

func part() int {
	var a [4]int
	s := a[1:3]
	return len(s)
}

func main() { println(len(whole()), part()) }
