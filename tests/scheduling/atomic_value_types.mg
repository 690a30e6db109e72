// parallel
package main

import (
	"fmt"
	"sync/atomic"
)

func main() {
	var v atomic.Value
	v.Store(1)
	func() {
		defer func() { fmt.Println(recover()) }()
		v.Store("x")
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		v.Store(nil)
	}()
	fmt.Println(v.Load(), v.CompareAndSwap(1, 2), v.Swap(3))
	func() {
		defer func() { fmt.Println(recover()) }()
		v.CompareAndSwap("a", 2)
	}()
}
