// errorcheck

package main

// Mistakes that leave a tree do not keep the checker from its work.

func f(x, y ...int) {} // ERROR "can only use ... with final parameter"

func g(a, b, c string, d ...int) {}

func h() {
	go h        // ERROR "expression in go must be function call"
	defer (h()) // ERROR "expression in defer must not be parenthesized"
	var list []int
	_ = list[1::3] // ERROR "middle index required in 3-index slice"
	var unused int // ERROR "declared and not used: unused"
	_ = make(chan [1 << 16]byte)
}
