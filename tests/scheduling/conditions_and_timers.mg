// parallel
package main

import (
	"fmt"
	"sync"
	"context"
	"time"
)

func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	q := []int{}
	var wg sync.WaitGroup
	sum := 0
	for i := 0; i < 8; i++ {
		wg.Go(func() {
			for {
				mu.Lock()
				for len(q) == 0 {
					cond.Wait()
				}
				v := q[0]
				q = q[1:]
				sum += v
				mu.Unlock()
				if v < 0 {
					return
				}
			}
		})
	}
	for i := 0; i < 5000; i++ {
		mu.Lock()
		q = append(q, i)
		mu.Unlock()
		if i%3 == 0 {
			cond.Broadcast()
		} else {
			cond.Signal()
		}
	}
	for i := 0; i < 8; i++ {
		mu.Lock()
		q = append(q, -1)
		mu.Unlock()
		cond.Broadcast()
	}
	wg.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	var wg2 sync.WaitGroup
	for i := 0; i < 50; i++ {
		wg2.Go(func() {
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Second):
				fmt.Println("late")
			}
		})
	}
	wg2.Wait()
	var once sync.Once
	n := 0
	for i := 0; i < 50; i++ {
		wg2.Go(func() { once.Do(func() { n++ }) })
	}
	wg2.Wait()
	tk := time.NewTicker(time.Millisecond)
	for i := 0; i < 5; i++ {
		<-tk.C
	}
	tk.Stop()
	fmt.Println(sum, n)
}
