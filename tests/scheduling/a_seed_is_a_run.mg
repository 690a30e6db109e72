// seeded
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var lock sync.Mutex
	var trace []int
	var wg sync.WaitGroup
	for id := range 6 {
		wg.Go(func() {
			for range 10 {
				for n := range 400 * id {
					_ = n
				}
				lock.Lock()
				trace = append(trace, id)
				lock.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(trace)

	a, b := make(chan int), make(chan int)
	for i := range 8 {
		go func() {
			time.Sleep(time.Duration(i%3) * time.Microsecond)
			if i%2 == 0 {
				a <- i
			} else {
				b <- i
			}
		}()
	}
	for range 8 {
		select {
		case v := <-a:
			fmt.Print("a", v, " ")
		case v := <-b:
			fmt.Print("b", v, " ")
		}
	}
	fmt.Println()
	for k := range map[int]bool{1: true, 2: true, 3: true, 4: true} {
		fmt.Print(k, " ")
	}
	start := time.Now()
	select {
	case <-time.After(3 * time.Millisecond):
		fmt.Println("after", time.Since(start))
	}
}
