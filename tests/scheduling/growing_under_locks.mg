// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func grow(n int, f func()) int {
	var a [64]int
	for i := range a {
		a[i] = n + i
	}
	if n == 0 {
		f()
		return 0
	}
	r := grow(n-1, f)
	return r + a[n%64] - n
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for i := range 200 {
		wg.Go(func() {
			for d := 1; d <= 64; d *= 4 {
				v := grow(d*(i%5+1), func() { runtime.Gosched() })
				mu.Lock()
				sum += v
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	runtime.GC()
	fmt.Println(sum)
}
