// run
package main

import (
	"fmt"
	"strconv"
	"strings"
)

func variadic(prefix string, xs ...int) string {
	return prefix + fmt.Sprint(len(xs), xs)
}

func modify(a [4]int, s []int) {
	a[0] = 100
	s[0] = 100
}

type Matrix [2][2]int

// A slice that does not escape may begin in a frame, with another capacity.
var grown []int

func main() {
	caps := []int{}
	for i := range 2000 {
		if cap(grown) == len(grown) {
			caps = append(caps, cap(grown))
		}
		grown = append(grown, i)
	}
	s := grown
	fmt.Println(caps)
	var bs []byte
	bs = append(bs, "hello"...)
	fmt.Println(len(bs), cap(bs), string(bs))
	str := append([]string(nil), "a", "b", "c")
	fmt.Println(len(str), cap(str))
	st := append([]struct{ a, b, c int }{}, struct{ a, b, c int }{1, 2, 3})
	fmt.Println(len(st), cap(st), st)

	a := [4]int{1, 2, 3, 4}
	b := a[1:3]
	c := b[:3]
	fmt.Println(b, len(b), cap(b), c, a[:0:2])
	b = append(b, 50)
	fmt.Println(a, b)
	modify(a, a[:])
	fmt.Println(a)
	x := a
	x[1] = -1
	fmt.Println(a == x, a != [4]int{}, a)
	fmt.Println(copy(a[1:], a[:]), a, copy(bs, "HELP"), string(bs))
	fmt.Println(variadic("n"), variadic("n", 1), variadic("n", a[:2]...))
	var m Matrix
	m[1][0] = 7
	n := m
	n[0] = [2]int{1, 1}
	fmt.Println(m, n)
	sp := (*[2]int)(a[2:])
	sp[0] = 77
	fmt.Println(a, [2]int(a[:2]))

	t := "héllo, 世界"
	fmt.Println(len(t), t[1], t[:3], t[7:], []rune(t)[1], []byte(t)[:3], string([]rune{19990, 'x'}))
	fmt.Println(strings.ToUpper(t), strings.Split("a,b,,c", ","), strings.Repeat("=-", 4), strings.Contains(t, "世"))
	var sb strings.Builder
	for i := 3; i > 0; i-- {
		fmt.Fprintf(&sb, "%d...", i)
	}
	sb.WriteByte('!')
	fmt.Println(sb.String(), sb.Len())
	p, err := strconv.Atoi("12x")
	fmt.Println(p, err)
	f, _ := strconv.ParseFloat("2.5e-3", 64)
	fmt.Println(f, strconv.Quote("tab\t\"q\" \x00 é"), strconv.FormatInt(-255, 16))
	fmt.Println("a" < "b", "abc" < "abd", "" < "a", "a"+"b" == "ab", t == "héllo, "+"世界")
	acc := ""
	for i := range 5 {
		acc += string(rune('a' + i))
	}
	fmt.Println(acc)
	grid := make([][]rune, 3)
	for i := range grid {
		grid[i] = []rune(strings.Repeat(".", 4))
	}
	grid[1][2] = '#'
	for _, row := range grid {
		fmt.Println(string(row))
	}
	fmt.Printf("%v %+v %#v %T\n", st[0], st[0], st[0], st)
	fmt.Printf("%5d|%-5d|%05d|%x|%X|%o|%b|%c|%q|%U\n", 42, 42, 42, 255, 255, 8, 5, 'A', 'B', 'C')
	fmt.Printf("%8.3f|%-8.2f|%e|%g|%s|%10s|%-10s|%q|%v|%p\n", 3.14159, 2.5, 123456.789, 1e21, "s", "right", "left", "quo\"te", true, nil)
	fmt.Printf("%6.2f%%|%+d|% d|%#x|%t|%v|%v\n", 99.5, 5, 7, 255, false, []string{"a"}, map[string]bool{"z": true, "a": false})
	fmt.Printf("%d %s %z\n", "str", 5, 1)
	fmt.Printf("%[2]d %[1]d %*d\n", 1, 2, 5, 3)
	clear(s)
	fmt.Println(s[1999], len(s))
}
