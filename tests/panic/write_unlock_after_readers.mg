// panic exit=2
package main

import (
	"fmt"
	"sync"
)

func main() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	x, y := 0, 0
	for range 4 {
		wg.Go(func() {
			for range 500 {
				rw.Lock()
				x++
				y--
				rw.Unlock()
			}
		})
		wg.Go(func() {
			for range 500 {
				rw.RLock()
				if x+y != 0 {
					panic("torn")
				}
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(x, y)
	l := rw.RLocker()
	l.Lock()
	l.Unlock()
	rw.RLock()
	rw.Unlock()
}
