// parallel
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

func main() {
	root, cancel := context.WithCancelCause(context.Background())
	var wg sync.WaitGroup
	var mu sync.Mutex
	causes := map[string]int{}
	for i := range 50 {
		ctx, stop := context.WithTimeout(context.WithValue(root, i, i), time.Hour)
		wg.Go(func() {
			defer stop()
			<-ctx.Done()
			mu.Lock()
			causes[fmt.Sprint(ctx.Err(), "/", context.Cause(ctx), "/", ctx.Value(i) == i)]++
			mu.Unlock()
		})
	}
	cancel(errors.New("enough"))
	wg.Wait()
	fmt.Println(causes)
	p, stop := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer stop()
	c, stop2 := context.WithTimeout(p, time.Hour)
	defer stop2()
	<-c.Done()
	fmt.Println(c.Err(), context.Cause(c), p.Err())
	dl, ok := c.Deadline()
	pd, _ := p.Deadline()
	fmt.Println(dl.Equal(pd), ok)
	n := 0
	fired := make(chan bool)
	s := context.AfterFunc(p, func() { n++; close(fired) })
	<-fired
	fmt.Println(n, s())
}
