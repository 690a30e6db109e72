// escapecheck -m=2

// What package variables begin with, as far as gc does not lay it out as data.
package main

type T struct{ a, b int }

var z any = 3
var a, b any = z.(T)
var m = map[string]T{}
var c, d any = m["a"]
var ch chan T
var e, f any = <-ch
var g, h any = two()
var i, _ any = two()
var _, j any = two()
var k, l = two()
var n any = T{1, 2}
var o any = one()
var p, q any = 1, one()
var _ = []any{1, one(), T{}}
var _ = one() + 1
var _ = len([]int{1})
var _ any = one()
var _ = [2]*T{new(T), {1, 2}}
var r = [2]*T{new(T), {1, one()}}
var s = append([]int{1}, 2)
var t = make([]int, 3)
var u = []int{one(), 2}
var v = &u
var w = func() any { return 3 }()
var x = struct{ a any }{one()}
var y = any(one())

func one() int      { return 1 }
func two() (int, T) { return 1, T{} }

func main() {
	aa := new(3)
	_ = aa
	bb := new(one())
	z = bb
	a = new(T{1, 2})
	a = new(any(5))
	var aaa, bbb any = z.(T)
	_, _ = aaa, bbb
	cc := new([]int{1})
	_ = cc
	go println(new(int), new(4))
}
