// parallel
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	order := make(chan int, 10)
	for i := 0; i < 5; i++ {
		go func() {
			mu.Lock()
			c.Wait()
			order <- i
			mu.Unlock()
		}()
		time.Sleep(2 * time.Millisecond)
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
