// escapecheck

// Closures made in a loop, kept and not kept.
package main

func kept() []func() int {
	var all []func() int
	for i := 0; i < 3; i++ {
		all = append(all, func() int { return i })
	}
	return all
}

func used() (sum int) {
	for i := 0; i < 3; i++ {
		f := func() int { return i }
		sum += f()
	}
	return
}

func main() { println(len(kept()), used()) }
