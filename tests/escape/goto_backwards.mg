// escapecheck

// A jump back makes a loop.
package main

func main() {
	var kept *int
	i := 0
again:
	n := i
	kept = &n
	i++
	if i < 3 {
		goto again
	}
	println(*kept)
}
