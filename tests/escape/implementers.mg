// escapecheck full

package main

import "fmt"

type shape interface {
	area(scale *int) int
	keep(scale *int)
}

type square struct{ side int }

func (s square) area(scale *int) int { return s.side * s.side * *scale }
func (s square) keep(scale *int)     {}

type circle struct{ radius int }

func (c *circle) area(scale *int) int { return 3 * c.radius * c.radius * *scale }
func (c *circle) keep(scale *int)     { kept = scale }

var kept *int

// No implementation keeps what it is given: gc cannot know, a run does.
func total(shapes []shape) int {
	sum := 0
	scale := 2
	for _, s := range shapes {
		sum += s.area(&scale)
	}
	return sum
}

// One implementation keeps it.
func keepAll(shapes []shape) {
	scale := 3
	for _, s := range shapes {
		s.keep(&scale)
	}
}

func pick(first bool) shape {
	if first {
		return square{2}
	}
	return &circle{3}
}

func main() {
	shapes := []shape{square{1}, &circle{2}, pick(true), pick(false)}
	keepAll(shapes)
	fmt.Println(total(shapes), *kept)
}
