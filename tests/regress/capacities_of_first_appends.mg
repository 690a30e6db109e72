// run

// Where gc begins a slice in the frame, cap shows it.

package main

import "fmt"

func nilInts() {
	var s []int
	for i := 0; i < 6; i++ {
		s = append(s, i)
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}
func indexed() {
	var s []int
	for i := 0; i < 6; i++ {
		s = append(s, i)
		fmt.Print(len(s), cap(s), s[0], " ")
	}
	fmt.Println()
}
func printed() {
	var s []int
	for i := 0; i < 6; i++ {
		s = append(s, i)
		fmt.Print(s, cap(s), " ")
	}
	fmt.Println()
}
func emptyLiteral() {
	s := []int{}
	for i := 0; i < 6; i++ {
		s = append(s, i)
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}
func emptyMake() {
	s := make([]int, 0)
	for i := 0; i < 6; i++ {
		s = append(s, i)
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}
func twice() {
	var s []int
	s = append(s, 1)
	fmt.Print(cap(s), " ")
	s = append(s, 1)
	fmt.Print(cap(s), " ")
	t := append(s, 3)
	fmt.Println(cap(s), cap(t))
}
func bytes() {
	var s []byte
	s = append(s, "abc"...)
	fmt.Print(cap(s), " ")
	s = append(s, "abcabcabcabc"...)
	fmt.Print(cap(s), " ")
	s = append(s, "abcabcabcabcabcabcabcabcabcabcabcabcabc"...)
	fmt.Println(cap(s))
}
func strings() {
	var s []string
	for i := 0; i < 4; i++ {
		s = append(s, "x")
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}

type T struct{ a, b, c, d, e int }

func large() {
	var s []T
	for i := 0; i < 6; i++ {
		s = append(s, T{})
		fmt.Print(cap(s), " ")
	}
	fmt.Println()
}
func conversions() {
	x := append([]int(nil), 1, 2, 3)
	y := append([]byte(nil), 'a')
	fmt.Println(cap(x), cap(y))
}
func parameter(s []int) {
	s = append(s, 1)
	fmt.Println(cap(s))
}
func swapped() {
	var s, t []int
	for i := 0; i < 5; i++ {
		s = append(s, i)
		t = append(t, i, i)
		s, t = t, s
		fmt.Print(cap(s), cap(t), " ")
	}
	fmt.Println()
}
func kept() {
	var st [][]int
	for i := 0; i < 5; i++ {
		var s []int
		s = append(s, i)
		st = append(st, s)
		fmt.Print(cap(s), cap(st), " ")
	}
	fmt.Println()
}
func main() {
	nilInts()
	indexed()
	printed()
	emptyLiteral()
	emptyMake()
	twice()
	bytes()
	strings()
	large()
	conversions()
	parameter(nil)
	parameter([]int{})
	swapped()
	kept()
}
