// run
package main

import "fmt"

// Deferred calls that are left over when a later one recovers still have what they captured: closures and
// variables of the frame that the panic ended.

type point struct{ x, y, z int }

func (p point) show() { scribble(); fmt.Println("point", p) }

//go:noinline
func scribble() {
	var room [100]int
	fill(&room)
}

//go:noinline
func fill(room *[100]int) {
	for i := range room {
		room[i] = -1
	}
}

func several() (text string) {
	p := point{1, 2, 3}
	words := [4]string{"a", "b", "c", "d"}
	defer func() { text += fmt.Sprint(words, len(words)) }()
	defer p.show()
	show := p.show
	p.x = 4
	defer show()
	defer scribble()
	defer p.show()
	defer func() { fmt.Println("recovered", recover()) }()
	defer func() { panic("second") }()
	defer p.show()
	panic("first")
}

func nested() {
	count := 0
	add := func(n int) { count += n; scribble() }
	defer func() { fmt.Println("count", count) }()
	defer add(1)
	defer func() { fmt.Println(recover()) }()
	defer add(10)
	defer func() {
		defer add(100)
		defer func() { fmt.Println(recover()); panic("third") }()
		defer add(1000)
		panic("inner")
	}()
	panic("outer")
}

func main() {
	fmt.Println(several())
	nested()
}
