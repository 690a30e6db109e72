// escapecheck

// A recursion that keeps its parameter.
package main

var path []*int

func walk(p *int, n int) {
	if n == 0 {
		path = append(path, p)
		return
	}
	walk(p, n-1)
}

func main() {
	n := 1
	walk(&n, 3)
	println(len(path))
}
