// panic exit=2
package main

import "time"

func main() {
	t := time.NewTimer(20 * time.Millisecond)
	t.Stop()
	<-t.C
}
