// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	s := make([]int, 8)
	for p := 1; p <= 8; p++ {
		runtime.GOMAXPROCS(p)
		fmt.Println(runtime.GOMAXPROCS(0))
		for i := range 8 {
			wg.Go(func() {
				for j := range 100000 {
					s[i] += j & 1
				}
			})
		}
		wg.Wait()
	}
	runtime.GOMAXPROCS(0)
	fmt.Println(runtime.GOMAXPROCS(-1), s[0])
}
