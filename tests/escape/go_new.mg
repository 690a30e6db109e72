// escapecheck

// The callee's own memory is made in the goroutine.
package main

type state struct{ n int }

func run(s *state, c chan int) { c <- s.n }

func main() {
	c := make(chan int)
	go run(new(state), c)
	go run(&state{1}, c)
	println(<-c + <-c)
}
