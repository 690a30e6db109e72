// run
package main

import (
	"fmt"
	"sync"
	"time"
)

// Waking a goroutine that selects on a channel more than once takes all its places out of the channel's queues.

func main() {
	for range 20 {
		c := make(chan int)
		var done sync.WaitGroup
		var mu sync.Mutex
		closed, got := 0, 0
		for range 10 {
			done.Add(1)
			go func() {
				defer done.Done()
				var ok bool
				select {
				case _, ok = <-c:
				case _, ok = <-c:
				case _, ok = <-c:
				}
				mu.Lock()
				defer mu.Unlock()
				if ok {
					got++
				} else {
					closed++
				}
			}()
		}
		time.Sleep(200 * time.Microsecond)
		c <- 1
		c <- 2
		close(c)
		done.Wait()
		if closed != 8 || got != 2 {
			fmt.Println("closed", closed, "got", got)
		}
	}
	c := make(chan int)
	go func() {
		for i := range 5 {
			select {
			case c <- i:
			case c <- i * 10:
			}
		}
		close(c)
	}()
	count := 0
	for range c {
		count++
	}
	fmt.Println(count)
}
