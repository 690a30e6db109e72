// panic exit=2
package main

import "fmt"

func main() {
	var n chan int
	c := make(chan int)
	close(c)
	for i := 0; i < 5; i++ {
		select {
		case v := <-n:
			fmt.Println("nil", v)
		case n <- 1:
			fmt.Println("sent")
		case v, ok := <-c:
			fmt.Println(v, ok)
		}
	}
	defer func() {
		fmt.Println(recover())
		var m chan int
		close(m)
	}()
	select {
	case c <- 1:
	case <-n:
	}
}
