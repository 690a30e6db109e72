// parallel
package main

import (
	"fmt"
	"sync"
)

type queue struct {
	mu       sync.Mutex
	notEmpty sync.Cond
	items    []int
	closed   bool
}

func main() {
	q := &queue{}
	q.notEmpty.L = &q.mu
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for range 5 {
		wg.Go(func() {
			for {
				q.mu.Lock()
				for len(q.items) == 0 && !q.closed {
					q.notEmpty.Wait()
				}
				if len(q.items) == 0 {
					q.mu.Unlock()
					return
				}
				v := q.items[0]
				q.items = q.items[1:]
				q.mu.Unlock()
				mu.Lock()
				sum += v
				mu.Unlock()
			}
		})
	}
	for i := range 1000 {
		q.mu.Lock()
		q.items = append(q.items, i)
		q.mu.Unlock()
		q.notEmpty.Signal()
	}
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.notEmpty.Broadcast()
	wg.Wait()
	fmt.Println(sum)
}
