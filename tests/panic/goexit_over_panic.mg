// panic exit=2
package main

import (
	"fmt"
	"runtime"
)

type S struct{ a, b int }

func (s S) String() string { return fmt.Sprint("S", s.a) }

func main() {
	c := make(chan int)
	go func() {
		defer close(c)
		defer runtime.Goexit()
		panic(S{1, 2})
	}()
	<-c
	fmt.Println("goexit cancelled the panic")
	go func() { panic(S{1, 2}) }()
	select {}
}
