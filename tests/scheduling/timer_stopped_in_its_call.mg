// parallel
package main

import (
	"fmt"
	"time"
)

func main() {
	done := make(chan bool)
	var t *time.Timer
	ready := make(chan bool)
	n := 0
	t = time.AfterFunc(time.Millisecond, func() {
		<-ready
		n++
		fmt.Println(t.Stop())
		if n < 3 {
			fmt.Println(t.Reset(time.Millisecond))
		} else {
			close(done)
		}
	})
	close(ready)
	<-done
	fmt.Println(n, t.Stop())
}
