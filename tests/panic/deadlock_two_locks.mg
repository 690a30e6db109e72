// panic exit=2
package main

import (
	"fmt"
	"sync"
)

func main() {
	var a, b sync.Mutex
	done := make(chan bool)
	ra, rb := make(chan bool), make(chan bool)
	go func() { a.Lock(); close(ra); <-rb; b.Lock(); done <- true }()
	go func() { b.Lock(); close(rb); <-ra; a.Lock(); done <- true }()
	<-done
	fmt.Println("no")
}
