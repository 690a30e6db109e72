// escapecheck

// Labels do not make loops, loops do.
package main

func main() {
	var last *int
outer:
	for i := 0; i < 3; i++ {
		for j := 0; j < 3; j++ {
			n := i * j
			if n == 2 {
				last = &n
				break outer
			}
			if j > i {
				continue outer
			}
		}
	}
	println(*last)
}
