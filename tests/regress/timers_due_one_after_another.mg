// parallel
// A worker went to sleep for ever when the next timer became due just while it did.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func main() {
	runtime.GOMAXPROCS(1)
	var done sync.WaitGroup
	for i := range 5000 {
		done.Add(1)
		go func() {
			time.Sleep(20*time.Millisecond + time.Duration(i)*2*time.Microsecond)
			done.Done()
		}()
	}
	done.Wait()
	fmt.Println("all awake")
}
