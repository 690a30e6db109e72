// escapecheck

// Arrays are variables like others.
package main

func main() {
	n, m := 1, 2
	a := [2]*int{&n, &m}
	b := a
	p := &b[1]
	**p = 5
	println(m, *a[0])
}
