// panic exit=2
package main

import (
	"errors"
	"fmt"
)

func main() {
	defer func() { panic(fmt.Sprint("again: ", recover())) }()
	defer func() { panic(errors.New("two")) }()
	panic("one")
}
