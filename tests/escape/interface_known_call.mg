// escapecheck

// A call that can only end in one method.
package main

type adder interface{ add(int) int }

type acc struct{ n int }

func (a *acc) add(m int) int { a.n += m; return a.n }

func main() {
	var a adder = &acc{}
	println(a.add(2))
	go a.add(3)
	defer a.add(4)
}
