// escapecheck

// A deferred literal outside of loops costs no heap.
package main

func value() (n int) {
	defer func() { n *= 2 }()
	n = 4
	return
}

func main() { println(value()) }
