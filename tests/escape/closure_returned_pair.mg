// escapecheck

// Two closures that share a variable.
package main

func pair() (get func() int, set func(int)) {
	v := 0
	get = func() int { return v }
	set = func(n int) { v = n }
	return
}

func main() {
	get, set := pair()
	set(4)
	println(get())
}
