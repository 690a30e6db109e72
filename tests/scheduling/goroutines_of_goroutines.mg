// parallel
package main

import "fmt"

func fib(n int) <-chan int {
	c := make(chan int, 1)
	if n < 2 {
		c <- n
		return c
	}
	go func() {
		a, b := fib(n-1), fib(n-2)
		c <- <-a + <-b
	}()
	return c
}

func main() { fmt.Println(<-fib(18)) }
