// escapecheck

// What is larger than 128 bytes is captured by reference, changed or not.
package main

func large() func() int {
	var a [40]int
	return func() int { return a[3] }
}

func small() func() int {
	var a [4]int
	return func() int { return a[3] }
}

func main() { println(large()(), small()()) }
