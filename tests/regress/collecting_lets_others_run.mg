// run
// On one processor, a goroutine that collected again and again kept it for a whole time slice each time.
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	runtime.GOMAXPROCS(1)
	go func() {
		for {
			runtime.GC()
		}
	}()
	start := time.Now()
	for range 500 {
		runtime.Gosched()
	}
	fmt.Println(time.Since(start) < 4*time.Second)
}
