// parallel
package main

import "fmt"

func gen(n int) chan int {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range n {
			c <- i
		}
	}()
	return c
}

func merge(cs ...chan int) chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		open := len(cs)
		for open > 0 {
			select {
			case v, ok := <-cs[0]:
				if !ok {
					cs[0] = nil
					open--
					continue
				}
				out <- v
			case v, ok := <-cs[1]:
				if !ok {
					cs[1] = nil
					open--
					continue
				}
				out <- v
			}
		}
	}()
	return out
}

func main() {
	s := 0
	for v := range merge(gen(1000), gen(500)) {
		s += v
	}
	fmt.Println(s)
}
