// parallel
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	cancel func()
}

func (g *group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if e := f(); e != nil {
			g.once.Do(func() {
				g.err = e
				g.cancel()
			})
		}
	}()
}

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	g := &group{cancel: cancel}
	for i := range 5 {
		g.Go(func() error {
			if i == 3 {
				return errors.New("three")
			}
			<-ctx.Done()
			return ctx.Err()
		})
	}
	g.wg.Wait()
	fmt.Println(g.err)
}
