// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Mutex
	c := sync.NewCond(&m)
	n := 0
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			m.Lock()
			for n == 0 {
				c.Wait()
			}
			n--
			m.Unlock()
		})
	}
	for range 10 {
		m.Lock()
		n++
		m.Unlock()
		c.Signal()
	}
	m.Lock()
	c.Broadcast()
	m.Unlock()
	wg.Wait()
	fmt.Println(n)
	d := *c
	defer func() { fmt.Println(recover()) }()
	d.Signal()
}
