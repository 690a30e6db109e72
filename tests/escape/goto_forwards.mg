// escapecheck

// A jump forwards makes none.
package main

func find(all []int, want int) bool {
	found := false
	p := &found
	for _, v := range all {
		if v == want {
			*p = true
			goto done
		}
	}
done:
	return found
}

func main() { println(find([]int{1, 2}, 2)) }
