// panic exit=2
package main

import "runtime"

func main() {
	runtime.GOMAXPROCS(2)
	m := map[int]int{1: 1}
	go func() {
		for {
			m[1]++
		}
	}()
	s := 0
	for {
		s += m[1]
	}
}
