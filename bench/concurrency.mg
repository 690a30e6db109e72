// What goroutines, channels, select and locks cost: nanoseconds an operation, the median of five runs.
package main

import (
	"fmt"
	"sort"
	"sync"
	"time"
)

// measure prints what one of n operations of f costs.
func measure(name string, n int, f func(n int)) {
	f(n / 10)
	costs := make([]float64, 5)
	for i := range costs {
		start := time.Now()
		f(n)
		costs[i] = float64(time.Since(start)) / float64(n)
	}
	sort.Float64s(costs)
	fmt.Printf("%-30s %8.1f ns (least %.1f)\n", name, costs[2], costs[0])
}

func pingPong(n int) {
	there, back := make(chan int), make(chan int)
	go func() {
		for v := range there {
			back <- v
		}
	}()
	for i := range n / 2 {
		there <- i
		<-back
	}
	close(there)
}

func oneWay(n, capacity int) {
	c := make(chan int, capacity)
	go func() {
		for i := range n {
			c <- i
		}
		close(c)
	}()
	for range c {
	}
}

func waves(n int) {
	var group sync.WaitGroup
	for range n / 1000 {
		group.Add(1000)
		for range 1000 {
			go group.Done()
		}
		group.Wait()
	}
}

func selectReady(n int) {
	var c [4]chan int
	for i := range c {
		c[i] = make(chan int, 1)
	}
	for i := range n {
		c[i&3] <- i
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		}
	}
}

func selectBlocking(n int) {
	var c [4]chan int
	for i := range c {
		c[i] = make(chan int)
	}
	go func() {
		for i := range n {
			c[i&3] <- i
		}
	}()
	for range n {
		select {
		case <-c[0]:
		case <-c[1]:
		case <-c[2]:
		case <-c[3]:
		}
	}
}

func lockAlone(n int) {
	var lock sync.Mutex
	count := 0
	for range n {
		lock.Lock()
		count++
		lock.Unlock()
	}
}

func lockTogether(n int) {
	var lock sync.Mutex
	var group sync.WaitGroup
	count := 0
	for range 8 {
		group.Go(func() {
			for range n / 8 {
				lock.Lock()
				count++
				lock.Unlock()
			}
		})
	}
	group.Wait()
}

func usePool(n int) {
	pool := sync.Pool{New: func() any { return new(int) }}
	for range n {
		pool.Put(pool.Get())
	}
}

func selectAfter(n int) {
	c := make(chan int, 1)
	for i := range n {
		c <- i
		select {
		case <-c:
		case <-time.After(time.Hour):
		}
	}
}

func main() {
	measure("unbuffered, ping-pong", 2000000, pingPong)
	measure("unbuffered, one way", 2000000, func(n int) { oneWay(n, 0) })
	measure("buffered(128), one way", 5000000, func(n int) { oneWay(n, 128) })
	measure("go and exit, waves of 1,000", 2000000, waves)
	measure("select of 4, one ready, and send", 5000000, selectReady)
	measure("select of 4, blocking", 1000000, selectBlocking)
	measure("Mutex, alone", 20000000, lockAlone)
	measure("Mutex, 8 goroutines", 8000000, lockTogether)
	measure("Pool, get and put", 10000000, usePool)
	measure("select with time.After", 1000000, selectAfter)
}
