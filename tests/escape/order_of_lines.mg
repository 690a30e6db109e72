// escapecheck

package main

import "fmt"

type node struct {
	next  *node
	value *int
}

var kept *node

func push(list *node, value *int) *node {
	n := &node{next: list, value: value}
	return n
}

func first(list *node) *int { return list.value }

func keep(list *node) { kept = list }

type shape interface{ area() float64 }
type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

func total(shapes []shape) (sum float64) {
	for _, s := range shapes {
		sum += s.area()
	}
	return
}

func main() {
	x, y := 1, 2
	list := push(nil, &x)
	keep(list)
	fmt.Println(*first(list), y)
	size := len("héé\t\"q\"")
	buffer := make([]byte, size, 10)
	var s shape = square{2}
	fmt.Println(total([]shape{s}), s.area(), buffer)
	big := new([1 << 20]byte)
	_ = big
	n := *first(list)
	_ = make([]int, n)
}
