// panic exit=2
package main

import (
	"fmt"
	"runtime"
)

// The goroutines that sleep on threads of their own are as dead as the others.
func main() {
	runtime.LockOSThread()
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		runtime.LockOSThread()
		runtime.UnlockOSThread()
		done <- true
		<-done
	}()
	<-done
	fmt.Println("locked")
	<-done
}
