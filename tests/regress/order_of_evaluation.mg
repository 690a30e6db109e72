// run
package main

import "fmt"

func ints(a ...int) { fmt.Println(a) }

func main() {
	m := map[int]int{1: 1}
	f := func() int { m[len(m)+1] = 1; return 0 }
	ints(len(m), f(), len(m))
	s := []int{1}
	g := func() int { s = append(s, 1); return 0 }
	ints(len(s), g(), len(s))
	c := make(chan int, 10)
	h := func() int { c <- 1; return 0 }
	ints(len(c), h(), len(c))
	ints(cap(c), h(), len(c))
	a := len(c) + h() + len(c)
	fmt.Println(a)
	x := 1
	ff := func() int { x++; return x }
	fmt.Println(map[int]int{x: 5, 1: 6}, map[int]int{x: ff()}, map[int]int{ff(): x, 9: x}[9])
	y, mm := ff(), map[int]int{1: x, 2: ff(), 3: x}
	fmt.Println(y, mm, map[int]int{1: x, 2: ff(), 3: x}, x)
	b1 := []bool{m[1] == ff(), m[ff()] == 0}
	fmt.Println(b1, m[x], ff(), m[x])
	ints(m[x], f(), m[1])
	str := "abc"
	gg := func() string { str += "d"; return str }
	fmt.Println(str+"x", gg(), str[1:]+gg(), len(str), gg())
	arr := [3]int{1, 2, 3}
	ha := func() int { arr[0]++; return arr[0] }
	fmt.Println(arr, ha(), arr)
	func(a [3]int, i int, b [3]int) { fmt.Println(a, i, b) }(arr, ha(), arr)
	p := &arr
	func(a [3]int, i int, b [3]int) { fmt.Println(a, i, b) }(*p, ha(), *p)
	var e any = x
	fe := func() int { e = "changed"; return 1 }
	fmt.Println(e, fe(), e)
	func(a any, i int, b any) { fmt.Println(a, i, b) }(e, fe(), e)
	z := []int{1, 2, 3}
	fz := func() int { z[1] = 50; return 1 }
	ints(append([]int{}, z[1], fz(), z[1])...)
	fmt.Println(z[0:2], fz(), append(z[:0:0], z...))
	var i8 int8 = 1
	fi := func() int { i8 = 100; return 1 }
	ints(int(i8), fi(), int(i8))
	var err error
	fr := func() (int, error) { err = fmt.Errorf("new"); return 1, err }
	n, er2 := fr()
	fmt.Println(n, er2, err)
	b := []byte("hey")
	fb := func() int { b[0] = 'X'; return 1 }
	fmt.Println(string(b), fb(), string(b))
	func(a string, i int, c string) { fmt.Println(a, i, c) }(string(b), func() int { b[0] = 'Y'; return 1 }(), string(b))
	pt := &struct{ v int }{1}
	fp := func() int { pt = &struct{ v int }{2}; return 1 }
	ints(pt.v, fp(), pt.v)
	ints(-x, ff(), -x, x*2, ff())
	cond := func() bool { x = 0; return true }
	fmt.Println(x, cond() && x == 0, x)
	ints(x, map[bool]int{true: ff()}[true], x)
	var q []int
	q = append(q, x, ff(), x)
	fmt.Println(q)
	q[0], x = x, 5
	x, q[x-5] = 9, x
	fmt.Println(q, x)
}
