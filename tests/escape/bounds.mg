// escapecheck

package main

import "fmt"

func pair() (int, *int) { x := 1; return x, &x }

type shower struct{ n int }

func (s shower) show() { fmt.Println(s.n, 0.1234567, 123456.789) }

func main() {
	var table [256]int
	var small [8]string
	digits := "0123456789abcdef"
	const hex = "0123456789abcdef"
	for i := range 300 {
		b := byte(i)
		u := uint32(i)
		table[b]++
		small[b&7] = string(hex[b>>4]) + string(digits[b&15])
		small[u%8] = small[i&3]
		small[i%8] = fmt.Sprint(pair())
	}
	s := shower{1}
	show := s.show
	defer show()
	for range 2 {
		defer s.show()
	}
	p := &table
	fmt.Println(p[byte(3)], small, - -s.n)
}
