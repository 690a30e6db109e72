// panic exit=7
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("no")
	go func() {
		defer fmt.Println("no either")
		os.Exit(7)
	}()
	select {}
}
