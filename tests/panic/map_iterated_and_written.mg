// panic exit=2
package main

import "runtime"

func main() {
	runtime.GOMAXPROCS(2)
	m := map[int]int{}
	for i := 0; i < 1000; i++ {
		m[i] = i
	}
	go func() {
		for {
			m[1]++
		}
	}()
	s := 0
	for {
		for k, v := range m {
			s += k + v
		}
	}
}
