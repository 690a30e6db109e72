// escapecheck

// Escape analysis: where do values live, on the stack or on the heap?
//
//	minigo build -m examples/escape_showcase.mg
//
// prints the compiler's decisions. A variable may live on the stack of its
// function as long as nothing that outlives the call can point to it; if
// something can, it "escapes" to the heap and the garbage collector frees it.
// The program behaves the same either way.
package main

import "fmt"

type point struct{ x, y int }

// staysHere only uses p while it runs: p stays on the stack.
func staysHere() int {
	p := point{3, 4}
	q := &p
	return q.x*q.x + q.y*q.y
}

// isReturned gives away a pointer to p: p is moved to the heap.
func isReturned() *point {
	p := point{1, 2}
	return &p
}

// lengthSquared looks at its argument but does not keep it: callers can pass
// pointers to values on their stacks.
func lengthSquared(p *point) int { return p.x*p.x + p.y*p.y }

// passesThrough returns its argument: whether p escapes depends on the caller.
func passesThrough(p *point) *point {
	p.x++
	return p
}

var remembered *point

// isRemembered stores its argument in a package variable: it escapes.
func isRemembered(p *point) { remembered = p }

// counter returns a function that uses n after counter has returned: n lives
// on the heap, and each call of counter makes a new one.
func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

// sumOfSquares uses a function value only while it runs: no heap.
func sumOfSquares(numbers []int) int {
	sum := 0
	add := func(n int) { sum += n * n }
	for _, n := range numbers {
		add(n)
	}
	return sum
}

// fixedSize needs a slice of known, small size: its array stays on the stack.
func fixedSize() int {
	squares := make([]int, 8)
	for i := range squares {
		squares[i] = i * i
	}
	return squares[7]
}

// variableSize cannot know the size beforehand: the array is on the heap.
func variableSize(n int) int {
	ones := make([]int, n)
	for i := range ones {
		ones[i] = 1
	}
	return len(ones)
}

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

// areaOf calls a method nobody knows in advance: what s holds may be kept by it.
func areaOf(s shape) int { return s.area() }

func main() {
	fmt.Println("stays here:     ", staysHere())
	fmt.Println("is returned:    ", *isReturned())

	local := point{5, 12}
	fmt.Println("length squared: ", lengthSquared(&local))
	fmt.Println("passes through: ", *passesThrough(&local))

	isRemembered(&point{7, 8})
	fmt.Println("is remembered:  ", *remembered)

	first, second := counter(), counter()
	fmt.Println("counters:       ", first(), first(), second(), first())

	fmt.Println("sum of squares: ", sumOfSquares([]int{1, 2, 3}))
	fmt.Println("fixed size:     ", fixedSize())
	fmt.Println("variable size:  ", variableSize(1000))
	fmt.Println("area:           ", areaOf(square{6}))
}
