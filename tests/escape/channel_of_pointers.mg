// escapecheck

// What is sent may be read anywhere.
package main

func main() {
	c := make(chan *int, 1)
	n := 1
	c <- &n
	println(*<-c)
}
