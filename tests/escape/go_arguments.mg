// escapecheck

// What a goroutine is given it may keep.
package main

func worker(n *int, done chan bool) {
	*n++
	done <- true
}

func main() {
	n := 0
	done := make(chan bool)
	go worker(&n, done)
	<-done
	println(n)
}
