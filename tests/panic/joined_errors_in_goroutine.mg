// panic exit=2
package main

import (
	"errors"
	"fmt"
	"time"
)

type E struct{ code int }

func (e *E) Error() string { return fmt.Sprintf("code %d", e.code) }

func main() {
	defer fmt.Println("main deferred does not run")
	go func() {
		defer fmt.Println("goroutine deferred runs")
		panic(errors.Join(&E{1}, errors.New("two\nlines")))
	}()
	time.Sleep(time.Second)
}
