// why count

// A variable that a closure keeps: by reference, through a result, to the heap.
package main

var saved func() int

func counter() func() int {
	count := 0
	return func() int { count++; return count }
}

func main() {
	saved = counter()
	println(saved())
}
