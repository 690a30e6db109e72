// escapecheck

// Values are copied into channels.
package main

type message struct {
	id   int
	text string
}

func main() {
	c := make(chan message, 1)
	c <- message{1, "a"}
	m := <-c
	println(m.id, m.text)
}
