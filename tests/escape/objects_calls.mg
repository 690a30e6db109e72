// escapejson

// Calls of interfaces, operands of go and defer, closures.
package main

type adder interface{ add(int) int }

type acc struct{ n int }

func (a *acc) add(m int) int { a.n += m; return a.n }

func run(f func() int) int { return f() }

func main() {
	var a adder = &acc{}
	println(a.add(2), run(func() int { return a.add(1) }))
	done := make(chan *int)
	n := 1
	go func(p *int) { done <- p }(&n)
	defer println(*<-done, []int{1}[0])
}
