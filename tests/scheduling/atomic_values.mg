// parallel
package main

import (
	"fmt"
	"sync/atomic"
)

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}

func main() {
	var v atomic.Value
	fmt.Println(v.Load())
	v.Store(1)
	try(func() { v.Store("x") })
	try(func() { v.Store(nil) })
	try(func() { v.Swap("x") })
	try(func() { v.CompareAndSwap(1, "x") })
	try(func() { v.CompareAndSwap("x", 1) })
	fmt.Println(v.CompareAndSwap(1, 2), v.Load(), v.Swap(3))
	var b atomic.Bool
	fmt.Println(b.Swap(true), b.Load(), b.CompareAndSwap(true, false))
	var i atomic.Int32
	i.Store(5)
	fmt.Println(i.Add(-7), i.And(3), i.Or(8), i.Load())
	try(func() { atomic.AddInt32(nil, 1) })
	var u atomic.Uint64
	fmt.Println(u.Add(^uint64(0)), u.CompareAndSwap(1, 2))
}
