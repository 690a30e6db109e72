// parallel
package main

import (
	"fmt"
	"sync"
)

func deep(n int, c chan int) int {
	var pad [40]int
	pad[n%40] = n
	if n == 0 {
		return <-c
	}
	return deep(n-1, c) + pad[n%40]
}

func main() {
	var wg sync.WaitGroup
	c := make(chan int)
	sum := make(chan int, 100)
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func() { defer wg.Done(); sum <- deep(1000+i, c) }()
	}
	for i := 0; i < 100; i++ {
		c <- i
	}
	wg.Wait()
	close(sum)
	t := 0
	for s := range sum {
		t += s
	}
	fmt.Println(t)
}
