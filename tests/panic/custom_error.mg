// panic exit=2
package main

import "fmt"

type E struct{ n int }

func (e E) Error() string { return fmt.Sprint("error number ", e.n) }

func main() {
	defer fmt.Println("deferred calls run")
	panic(E{4})
}
