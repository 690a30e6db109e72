// escapecheck

// Arguments of deferred calls are evaluated at once.
package main

func show(p *int, s string) { println(*p, s) }

func main() {
	n := 1
	defer show(&n, "a")
	n = 2
}
