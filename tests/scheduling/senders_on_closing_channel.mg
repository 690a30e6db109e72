// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	c := make(chan int)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			defer func() { fmt.Println(recover()) }()
			c <- 1
		})
	}
	for i := 0; i < 1000000; i++ {
	}
	close(c)
	wg.Wait()
	v, ok := <-c
	fmt.Println(v, ok)
}
