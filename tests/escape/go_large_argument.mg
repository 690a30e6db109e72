// escapecheck

// An argument too large to be copied into the closure is shared with it.
package main

type block [50]int

func use(b block, c chan int) { c <- len(b) }

func main() {
	c := make(chan int)
	var b block
	go use(b, c)
	println(<-c)
	defer use(b, make(chan int, 1))
}
