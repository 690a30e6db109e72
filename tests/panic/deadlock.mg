// panic exit=2
package main

func main() {
	c := make(chan int)
	c <- 1
}
