// panic exit=2
package main

import (
	"fmt"
	"runtime"
	"time"
)

type file struct{ name string }

func main() {
	go func() {
		runtime.SetFinalizer(&file{"a.txt"}, func(f *file) {
			defer fmt.Println("deferred")
			panic("closing " + f.name)
		})
	}()
	for i := 0; i < 1000; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}
