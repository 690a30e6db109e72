// run
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func producer(n int, out chan<- int) {
	for i := range n {
		out <- i
	}
	close(out)
}

func square(in <-chan int, out chan<- int) {
	for v := range in {
		out <- v * v
	}
	close(out)
}

type message struct {
	id   int
	text string
	back chan string
}

func main() {
	a, b := make(chan int), make(chan int, 3)
	go producer(10, a)
	go square(a, b)
	sum := 0
	for v := range b {
		sum += v
	}
	fmt.Println(sum)

	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := range 100 {
		wg.Add(1)
		go func(n int) {
			defer wg.Done()
			for range 10 {
				mu.Lock()
				total += n
				mu.Unlock()
				runtime.Gosched()
			}
		}(i)
	}
	wg.Wait()
	fmt.Println(total)

	requests := make(chan message)
	go func() {
		for m := range requests {
			m.back <- fmt.Sprint(m.id, ":", m.text)
		}
	}()
	for i := range 3 {
		m := message{i, "hello", make(chan string, 1)}
		requests <- m
		fmt.Println(<-m.back)
	}
	close(requests)

	var timeout <-chan time.Time
	tick := make(chan struct{})
	go func() {
		for range 3 {
			tick <- struct{}{}
		}
	}()
	ticks := 0
loop:
	for {
		select {
		case <-tick:
			ticks++
			if ticks == 3 {
				timeout = time.After(20 * time.Millisecond)
			}
		case <-timeout:
			break loop
		}
	}
	fmt.Println("ticks", ticks)

	full := make(chan int, 1)
	full <- 1
	select {
	case full <- 2:
		fmt.Println("sent")
	default:
		fmt.Println("full", len(full), cap(full))
	}
	v, ok := <-full
	fmt.Println(v, ok)
	close(full)
	v, ok = <-full
	fmt.Println(v, ok)
	var never chan int
	select {
	case <-never:
		fmt.Println("never")
	case v, ok := <-full:
		fmt.Println("closed", v, ok)
	}

	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	counts := [2]int{}
	c1, c2 := make(chan int, 1000), make(chan int, 1000)
	for range 1000 {
		c1 <- 1
		c2 <- 1
	}
	for range 1000 {
		select {
		case <-c1:
			counts[0]++
		case <-c2:
			counts[1]++
		}
	}
	fmt.Println(counts[0] > 300, counts[1] > 300)

	start := time.Now()
	time.Sleep(5 * time.Millisecond)
	fmt.Println(time.Since(start) >= 5*time.Millisecond)
	done := make(chan bool)
	stop := false
	go func() {
		// A loop without calls must not keep others from running.
		n := 0
		for !stop {
			n++
			if n < 0 {
				break
			}
		}
		done <- true
	}()
	time.Sleep(time.Millisecond)
	stop = true
	fmt.Println(<-done)
	cond := sync.NewCond(&mu)
	ready := false
	go func() { mu.Lock(); ready = true; cond.Broadcast(); mu.Unlock() }()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
	fmt.Println(ready)
}
