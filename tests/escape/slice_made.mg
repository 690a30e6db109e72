// escapecheck

// Sizes that are known, and that are not.
package main

func sum(s []int) int { return len(s) }

func main() {
	n := 10
	fixed := make([]int, 10)
	through := make([]int, n)
	m := len(through)
	m++
	variable := make([]int, m)
	large := make([]int, 10000)
	items := []int{1, 2, 3}
	counted := make([]string, 0, len(items))
	println(sum(fixed), sum(through), sum(variable), sum(large), len(counted))
}
