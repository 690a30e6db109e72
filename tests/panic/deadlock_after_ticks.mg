// panic exit=2
package main

import (
	"fmt"
	"time"
)

func main() {
	c := make(chan int)
	t := time.NewTicker(10 * time.Millisecond)
	go func() {
		for i := 0; i < 3; i++ {
			<-t.C
			fmt.Println("tick")
		}
		t.Stop()
	}()
	<-c
}
