// parallel
package main

import "fmt"

type tree struct{ l, r *tree }

func build(d int) *tree {
	if d == 0 {
		return &tree{}
	}
	return &tree{build(d - 1), build(d - 1)}
}
func (t *tree) count() int {
	if t.l == nil {
		return 1
	}
	return 1 + t.l.count() + t.r.count()
}
func main() {
	c := make(chan int)
	for i := 0; i < 6; i++ {
		go func() {
			s := 0
			for j := 0; j < 30; j++ {
				s += build(10).count()
			}
			c <- s
		}()
	}
	s := 0
	for i := 0; i < 6; i++ {
		s += <-c
	}
	fmt.Println(s)
}
