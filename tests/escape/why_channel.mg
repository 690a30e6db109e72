// why message

// Through a field, a slice and a channel.
package main

type packet struct{ body *string }

func send(c chan []packet) {
	message := "hello"
	p := packet{&message}
	c <- []packet{p}
}

func main() {
	c := make(chan []packet, 1)
	send(c)
	println(*(<-c)[0].body)
}
