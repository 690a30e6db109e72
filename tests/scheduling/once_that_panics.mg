// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	var o sync.Once
	for i := range 3 {
		func() {
			defer func() { fmt.Println(i, recover()) }()
			o.Do(func() { panic("first") })
		}()
	}
	f := sync.OnceFunc(func() { panic("every time") })
	for i := range 2 {
		func() {
			defer func() { fmt.Println(i, recover()) }()
			f()
		}()
	}
}
