// parallel
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	done := make(chan int)
	n := 0
	go func() {
		s := bufio.NewScanner(os.Stdin)
		k := 0
		for s.Scan() {
			k += len(s.Text())
		}
		done <- k
	}()
	ticks := make(chan int)
	go func() {
		for i := 0; i < 1000; i++ {
			ticks <- i
		}
		close(ticks)
	}()
	for v := range ticks {
		n += v
	}
	fmt.Println(n)
	fmt.Println(<-done)
}
