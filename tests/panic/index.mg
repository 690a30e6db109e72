// panic exit=2
package main

func get(xs []int, i int) int { return xs[i] }

func main() {
	println("before")
	get([]int{1, 2, 3}, 5)
}
