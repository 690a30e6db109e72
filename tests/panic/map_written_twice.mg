// panic exit=2
package main

import "runtime"

func main() {
	runtime.GOMAXPROCS(2)
	m := map[int]int{}
	for i := 0; i < 4; i++ {
		go func() {
			for {
				for j := 0; j < 1000; j++ {
					m[j] = i
				}
			}
		}()
	}
	select {}
}
