// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("outer", recover()) }()
		func() {
			defer func() { fmt.Println("inner", recover()) }()
			runtime.Goexit()
		}()
		fmt.Println("not reached")
	}()
	wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("goexit in panic", recover()) }()
		defer func() {
			runtime.Goexit()
		}()
		panic("lost")
	}()
	wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() {
			defer func() { fmt.Println("rec", recover()) }()
			panic("in deferred of goexit")
		}()
		runtime.Goexit()
	}()
	wg.Wait()
	fmt.Println(runtime.NumGoroutine())
}
