// run

// What a goroutine captured must stay alive although nothing but its closure holds it.
package main

import (
	"fmt"
	"runtime"
)

func garbage(n int) (total int) {
	for i := range n {
		total += len(make([]int, i%9+1))
	}
	return
}

func main() {
	results := make([]string, 4)
	done := make(chan bool)
	for i := range results {
		name := fmt.Sprint("goroutine ", i)
		go func() {
			n := garbage(200)
			runtime.Gosched()
			defer func() { done <- true }()
			results[i] = fmt.Sprint(name, " ", i, " ", n)
		}()
	}
	for range results {
		<-done
	}
	for _, line := range results {
		fmt.Println(line)
	}
	func() {
		text := fmt.Sprint("captured by a deferred call ", len(results))
		defer func() {
			recover()
			garbage(100)
			fmt.Println(text)
		}()
		panic("x")
	}()
}
