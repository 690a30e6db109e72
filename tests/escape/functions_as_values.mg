// escapecheck

// A function chosen at run time loses what it is given.
package main

func reads(p *int) int { return *p }

func keeps(p *int) int { kept = p; return 0 }

var kept *int

func choose(b bool) func(*int) int {
	if b {
		return reads
	}
	return keeps
}

func main() {
	n, m := 1, 2
	f := reads
	println(f(&n), choose(true)(&m))
}
