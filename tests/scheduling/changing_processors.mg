// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	stop := make(chan bool)
	c := make(chan int, 3)
	for range 6 {
		wg.Go(func() {
			sum := 0
			for {
				select {
				case <-stop:
					return
				case v := <-c:
					sum += v
				case c <- 1:
				}
				if sum%64 == 0 {
					_ = make([]int, 100)
				}
			}
		})
	}
	for i := range 20 {
		before := runtime.GOMAXPROCS(i%5 + 1)
		if i > 0 && before != (i-1)%5+1 {
			fmt.Println("was", before, "in round", i)
		}
		if i%9 == 0 {
			runtime.GC()
			var figures runtime.MemStats
			runtime.ReadMemStats(&figures)
		}
		runtime.Gosched()
	}
	close(stop)
	wg.Wait()
	fmt.Println(runtime.GOMAXPROCS(0), runtime.NumGoroutine())
}
