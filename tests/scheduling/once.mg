// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	n := 0
	f := sync.OnceFunc(func() { n++; fmt.Println("once") })
	f()
	f()
	fmt.Println(n)
	g := sync.OnceFunc(func() { n++; panic("boom") })
	for i := 0; i < 2; i++ {
		func() {
			defer func() { fmt.Println(recover()) }()
			g()
		}()
	}
	fmt.Println(n)
	var once sync.Once
	func() {
		defer func() { fmt.Println(recover()) }()
		once.Do(func() { panic("in once") })
	}()
	once.Do(func() { fmt.Println("not again") })
	h := sync.OnceFunc(nil)
	func() {
		defer func() { fmt.Println(recover()) }()
		h()
	}()
}
