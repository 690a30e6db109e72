// Nanoseconds for an object of 24 bytes that is dropped at once, without and with a pointer inside.
package main

import (
	"fmt"
	"time"
)

type T struct{ a, b, c int }
type P struct {
	a, b int
	c    *P
}

var sink *T
var psink *P

func main() {
	const n = 50000000
	for range 3 {
		s := time.Now()
		for i := range n {
			sink = &T{i, i, i}
		}
		d := time.Since(s)
		s = time.Now()
		for i := range n {
			psink = &P{i, i, nil}
		}
		fmt.Println("noscan", float64(d.Nanoseconds())/n, "ptr", float64(time.Since(s).Nanoseconds())/n)
	}
}
