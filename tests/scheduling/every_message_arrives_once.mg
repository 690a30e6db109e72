// parallel
package main

import "fmt"

// Each message is counted: none may be lost or doubled, and those of one sender arrive in order.
type message struct {
	sender, number int
	text           string
}

func main() {
	const senders, receivers, count = 12, 5, 500
	in := make(chan message)
	out := make(chan message, 7)
	for s := range senders {
		go func() {
			for n := range count {
				m := message{s, n, fmt.Sprint(s, "/", n)}
				if n%2 == 0 {
					in <- m
					continue
				}
				select {
				case in <- m:
				case <-make(chan int):
				}
			}
		}()
	}
	done := make(chan bool)
	for range receivers {
		go func() {
			for {
				select {
				case m := <-in:
					out <- m
				case <-done:
					return
				}
			}
		}()
	}
	seen := map[message]int{}
	for range senders * count {
		seen[<-out]++
	}
	close(done)
	wrong := 0
	for m, n := range seen {
		if n != 1 || m.text != fmt.Sprint(m.sender, "/", m.number) {
			wrong++
		}
	}
	fmt.Println(len(seen), wrong)

	// Through one channel, order holds for each sender.
	ordered := make(chan message, 3)
	for s := range senders {
		go func() {
			for n := range count {
				ordered <- message{sender: s, number: n}
			}
		}()
	}
	var next [senders]int
	for range senders * count {
		m := <-ordered
		if next[m.sender] != m.number {
			fmt.Println("out of order", m)
		}
		next[m.sender]++
	}
	fmt.Println(next)
}
