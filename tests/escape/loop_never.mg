// escapecheck

// A loop that has no round is not there.
package main

func main() {
	for false {
		p := new(int)
		_ = func() *int { return p }
	}
	if false {
		println(new(int))
	}
	const debug = false
	if debug {
		defer func() { _ = recover() }()
	}
	println("done")
}
