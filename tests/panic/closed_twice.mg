// panic exit=2
package main

import "fmt"

type T struct{ c chan int }

func (t *T) stop() {
	defer close(t.c)
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered", r)
			panic(fmt.Sprint("again ", r))
		}
	}()
	close(t.c)
}

func main() {
	t := &T{make(chan int)}
	close(t.c)
	t.stop()
}
