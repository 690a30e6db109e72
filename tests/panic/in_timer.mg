// panic exit=2
package main

import "time"

func main() {
	time.AfterFunc(time.Millisecond, func() { panic("in timer") })
	time.Sleep(time.Second)
}
