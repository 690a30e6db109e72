// escapecheck

// A variable that holds one of several functions.
package main

func main() {
	f := func(p *int) int { return *p }
	if len("abc") > 2 {
		f = func(p *int) int { return *p + 1 }
	}
	n := 1
	println(f(&n))
}
