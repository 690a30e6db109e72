// panic exit=2
package main

import "time"

func main() {
	defer func() {
		println(recover() != nil)
		time.NewTicker(0)
	}()
	time.NewTicker(-1)
}
