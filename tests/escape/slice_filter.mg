// escapecheck

// Filtering in place.
package main

func filter(all []int, keep func(int) bool) []int {
	kept := all[:0]
	for _, v := range all {
		if keep(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

func main() {
	limit := 2
	println(len(filter([]int{1, 2, 3}, func(n int) bool { return n >= limit })))
}
