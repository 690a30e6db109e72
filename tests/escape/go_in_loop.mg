// escapecheck

// One goroutine a round.
package main

func main() {
	done := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { done <- i }()
	}
	for range 3 {
		<-done
	}
}
