// parallel
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	// one goroutine selecting both ends of the same channel along others
	c := make(chan int)
	done := make(chan bool)
	var mu sync.Mutex
	total := 0
	for i := 0; i < 10; i++ {
		go func() {
			for k := 0; k < 100; {
				select {
				case c <- 1:
					k++
				case v := <-c:
					mu.Lock()
					total += v
					mu.Unlock()
				}
			}
			done <- true
		}()
	}
	n := 0
	for n < 10 {
		select {
		case <-done:
			n++
		case v := <-c:
			mu.Lock()
			total += v
			mu.Unlock()
		case <-time.After(5 * time.Second):
			fmt.Println("stuck")
			return
		}
	}
	fmt.Println(total)
}
