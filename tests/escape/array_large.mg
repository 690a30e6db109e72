// escapecheck

// Arrays too large for a frame.
package main

func main() {
	var small [1000]int
	var large [20000]int
	p := new([9000]int)
	q := &[9000]int{}
	println(len(small), len(large), len(p), len(q))
}
