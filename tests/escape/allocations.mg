// escapecheck

// Slices, maps, interfaces and conversions.
package main

type shape interface{ area() int }
type square struct{ side int }

func (s square) area() int { return s.side * s.side }

var sink any

func slices(n int) []int {
	fixed := make([]int, 10)
	large := make([]int, 100000)
	dynamic := make([]int, n)
	literal := []int{1, 2, 3}
	fixed[0] = large[0] + dynamic[0] + literal[0]
	return make([]int, n)
}

func maps() map[string]int {
	local := map[int]int{1: 2}
	local[2] = 3
	return map[string]int{"a": local[1]}
}

func interfaces(n int) shape {
	var local shape = square{n}
	sink = n
	_ = local
	return &square{n}
}

func conversions(b []byte, s string) (string, []byte) {
	if string(b) == s {
		return s, nil
	}
	return string(b), []byte(s)
}

func inLoop(n int) (p *int) {
	for i := 0; i < n; i++ {
		x := i
		y := i
		_ = &y
		p = &x
	}
	return nil
}

func main() {
	println(len(slices(3)), len(maps()), interfaces(2).area())
	conversions(nil, "x")
	inLoop(1)
}
