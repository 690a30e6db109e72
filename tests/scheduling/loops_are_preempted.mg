// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	for range 3 {
		go func() {
			for {
			}
		}()
	}
	go func() {
		for {
			fib(20)
		}
	}()
	began := time.Now()
	for range 5 {
		time.Sleep(time.Millisecond)
	}
	var wg sync.WaitGroup
	sum := 0
	wg.Go(func() { sum = fib(15) })
	wg.Wait()
	runtime.GC() // stops loops too
	fmt.Println(sum, time.Since(began) < 5*time.Second)
}
