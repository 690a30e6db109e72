// escapecheck

// The address of a variable that is new each round.
package main

func main() {
	var all [3]*int
	for i := range 3 {
		all[i] = &i
	}
	sum := 0
	for i := 0; i < 3; i++ {
		p := &i
		sum += *p
	}
	println(*all[2], sum)
}
