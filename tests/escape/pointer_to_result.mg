// escapecheck

// The address of a named result.
package main

func named() (n int) {
	p := &n
	*p = 3
	return
}

func leaking() (n int, p *int) {
	p = &n
	return
}

func main() {
	n, _ := leaking()
	println(named(), n)
}
