// errorcheck

package main

type large [1 << 16]byte

var c chan large             // ERROR "channel element type too large (>64kB)"
var d chan [1<<16 - 1]byte

func main() {
	_ = make(<-chan [2]large) // ERROR "channel element type too large (>64kB)"
}
