// escapecheck

// A channel sent over a channel.
package main

func server(requests <-chan chan int) {
	for reply := range requests {
		reply <- 1
	}
}

func main() {
	requests := make(chan chan int)
	go server(requests)
	reply := make(chan int)
	requests <- reply
	println(<-reply)
}
