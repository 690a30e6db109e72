// escapecheck

// A goroutine made of a literal with parameters.
package main

func main() {
	done := make(chan int)
	x := 2
	go func(n int, p *int) { done <- n + *p }(1, &x)
	println(<-done)
}
