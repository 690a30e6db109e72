// panic exit=2
package main

import (
	"fmt"
	"time"
)

func main() {
	go func() {
		for {
			time.Sleep(time.Millisecond)
		}
	}()
	defer func() {
		time.Sleep(5 * time.Millisecond)
		fmt.Println("deferred slept")
	}()
	var a []int
	_ = a[3]
}
