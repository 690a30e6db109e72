// panic exit=2
package main

import (
	"fmt"
	"os"
)

func main() {
	r, w, _ := os.Pipe()
	c := make(chan int)
	go func() {
		b := make([]byte, 1)
		r.Read(b)
		c <- int(b[0])
	}()
	go func() { w.Write([]byte{65}) }()
	fmt.Println(<-c)
	<-c
}
