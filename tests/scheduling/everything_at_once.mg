// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type node struct {
	next *node
	v    int
}

func churn(n int) int {
	var head *node
	s := 0
	for i := 0; i < n; i++ {
		head = &node{head, i}
		if i%50 == 49 {
			for p := head; p != nil; p = p.next {
				s += p.v
			}
			head = nil
		}
	}
	return s
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var rw sync.RWMutex
	total := 0
	var at int64
	m := map[int]int{}
	chans := make([]chan int, 8)
	for i := range chans {
		chans[i] = make(chan int, max(0, i-3))
	}
	done := make(chan struct{})
	results := make(chan int, 1)
	go func() {
		s := 0
		for {
			select {
			case v := <-chans[0]:
				s += v
			case v := <-chans[1]:
				s += v
			case v := <-chans[2]:
				s += v
			case v := <-chans[3]:
				s += v
			case <-done:
				results <- s
				return
			}
		}
	}()
	results2 := make(chan int, 4)
	for k := 4; k < 8; k++ {
		k := k
		go func() {
			s := 0
			for v := range chans[k] {
				s += v
			}
			results2 <- s
		}()
	}
	for w := 0; w < 40; w++ {
		w := w
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := 0; i < 300; i++ {
				mu.Lock()
				total += i
				mu.Unlock()
				atomic.AddInt64(&at, 1)
				chans[(w+i)%8] <- i
				if i%10 == 0 {
					rw.Lock()
					m[i]++
					rw.Unlock()
				} else {
					rw.RLock()
					_ = m[i]
					rw.RUnlock()
				}
				if i%37 == 0 {
					runtime.Gosched()
				}
				if i%100 == 0 {
					time.Sleep(time.Microsecond)
					churn(500)
				}
			}
		}()
	}
	wg.Wait()
	close(done)
	s := <-results
	for k := 4; k < 8; k++ {
		close(chans[k])
	}
	for k := 4; k < 8; k++ {
		s += <-results2
	}
	fmt.Println(total, at, s, len(m), m[0])
}
