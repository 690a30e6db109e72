// panic exit=2
package main

import (
	"fmt"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	for r := range 1000 {
		for range 3 {
			wg.Add(1)
			go wg.Done()
		}
		wg.Wait()
		_ = r
	}
	fmt.Println("ok")
	wg.Add(-1)
}
