// parallel
package main

import "fmt"

func gen(ch chan<- int) {
	for i := 2; ; i++ {
		ch <- i
	}
}
func filter(in <-chan int, out chan<- int, prime int) {
	for {
		i := <-in
		if i%prime != 0 {
			out <- i
		}
	}
}
func main() {
	ch := make(chan int)
	go gen(ch)
	for i := 0; i < 200; i++ {
		prime := <-ch
		if i == 199 {
			fmt.Println(prime)
		}
		ch1 := make(chan int)
		go filter(ch, ch1, prime)
		ch = ch1
	}
}
