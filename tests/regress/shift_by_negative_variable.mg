// run
package main

import "fmt"

func try(name string, f func() int) {
	defer func() {
		if err := recover(); err != nil {
			fmt.Println(name, err)
		}
	}()
	fmt.Println(name, f())
}

func main() {
	try("left", func() int { x := -1; return 1 << x })
	try("right", func() int { x := int8(-3); return -8 >> x })
	try("assign", func() int { y, x := 8, -64; y >>= x; return y })
	try("unused", func() int { x := -1; _ = 1 << x; return 5 })
	try("unsigned", func() int { x := ^uint64(0); return 1<<x + -1>>x })
}
