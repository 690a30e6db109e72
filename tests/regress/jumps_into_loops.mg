// run

// Loops that are entered past their heads.

package main

import "fmt"

func box(i int) *int { return &i }

func irreducible(n int) (int, *int) {
	sum := 0
	var x, last *int
	i := 0
	if n > 2 {
		goto mid
	}
top:
	x = box(i * 10)
	if last != nil {
		sum += *last*3 + *x
	}
	last = x
mid:
	i++
	if i < n {
		goto top
	}
	return sum, last
}

func local(n int) int {
	sum := 0
	var last *int
	i := 0
	if n > 2 {
		goto mid
	}
top:
	{
		x := box(i * 10)
		if last != nil {
			sum = sum*31 + *last*3 + *x
		}
		last = x
	}
mid:
	i++
	if i < n {
		goto top
	}
	return sum
}

func main() {
	for n := range 7 {
		s, p := irreducible(n)
		if p != nil {
			fmt.Print(s, *p, " ")
		}
		fmt.Println(s, local(n))
	}
}
