// panic exit=2
package main

import (
	"sync"
	"time"
)

func main() {
	t := time.AfterFunc(30*time.Millisecond, func() {})
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() { select {} }()
	}
	_ = t
	wg.Wait()
}
