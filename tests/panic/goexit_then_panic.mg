// panic exit=2
package main

import (
	"runtime"
	"time"
)

func main() {
	go func() {
		time.Sleep(20 * time.Millisecond)
		panic("late")
	}()
	runtime.Goexit()
}
