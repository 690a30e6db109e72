// panic exit=2
package main

import (
	"runtime"
	"time"
)

func main() {
	go func() {
		time.Sleep(10 * time.Millisecond)
		println("other done")
	}()
	runtime.Goexit()
}
