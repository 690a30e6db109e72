// parallel
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
)

func main() {
	var wg sync.WaitGroup
	var n atomic.Int64
	for r := 0; r < 200; r++ {
		for i := 0; i < 10; i++ {
			wg.Go(func() { n.Add(1) })
		}
		wg.Wait()
	}
	fmt.Println(n.Load())
	defer func() { fmt.Println(recover()) }()
	wg.Add(-1)
}
