// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	order := make(chan int, 10)
	locked := make(chan bool)
	for i := 0; i < 5; i++ {
		go func() {
			mu.Lock()
			locked <- true
			c.Wait()
			order <- i
			mu.Unlock()
		}()
		<-locked
		// Once this has it, the other one waits.
		mu.Lock()
		mu.Unlock()
	}
	for i := 0; i < 3; i++ {
		mu.Lock()
		c.Signal()
		mu.Unlock()
		fmt.Println(<-order)
	}
	c.Broadcast()
	a, b := <-order, <-order
	fmt.Println(a+b)
	c.Signal()
	c.Broadcast()
	d := *c
	defer func() { fmt.Println(recover()) }()
	d.Signal()
}
