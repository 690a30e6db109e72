// escapecheck

// Slices that belong to a deferred call are made when it runs.
package main

func sum(all []int, more ...int) { println(len(all) + len(more)) }

func main() {
	n := 3
	defer sum([]int{1, n}, 4, 5)
	for i := 0; i < 1; i++ {
		defer sum([]int{i}, n)
	}
	defer copy([]int{1}, []int{n})
	defer println(len([]int{1, 2}), n)
}
