// parallel
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	fmt.Println(runtime.NumGoroutine())
	c := make(chan int)
	for range 10 {
		go func() { <-c }()
	}
	t := time.NewTimer(time.Hour)
	tk := time.NewTicker(time.Millisecond)
	time.AfterFunc(time.Hour, func() {})
	time.Sleep(5 * time.Millisecond)
	fmt.Println(runtime.NumGoroutine())
	close(c)
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
	t.Stop()
	tk.Stop()
	fmt.Println(runtime.NumGoroutine())
}
