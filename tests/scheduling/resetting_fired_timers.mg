// parallel
package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(time.Nanosecond)
	n := 0
	for i := range 2000 {
		t.Reset(time.Duration(i % 3))
		if i%2 == 0 {
			<-t.C
			n++
		} else if !t.Stop() {
			n += 0
		}
		select {
		case <-t.C:
			fmt.Println("stale")
		default:
		}
	}
	fmt.Println(n)
}
