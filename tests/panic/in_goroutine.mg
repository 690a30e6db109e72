// panic exit=2
package main

import "time"

func main() {
	go func() { panic("in a goroutine") }()
	time.Sleep(time.Second)
	println("never")
}
