// escapecheck

// What is made in a loop and kept outside of it.
package main

func main() {
	var kept *int
	for i := 0; i < 2; i++ {
		p := new(int)
		q := new(int)
		*q = i
		kept = p
		*kept = *q
	}
	println(*kept)
}
