// escapecheck -m=2

package main

type T struct{ p *int; s []int; arr [4]int; next *T; fs []func() }
type I interface{ M(*int) *int }
type E struct{ T; *U }
type U struct{ q *int }

func (t *T) M(p *int) *int { return t.p }
func (u *U) QM() *int { return u.q }
func (t T) V() *int { return t.p }

var G *int
var GI interface{}
var GF func(*int) *int
var GT = &T{}
var GS []*T

func rng(ts []*T, m map[string]*T, arr [3]*T, ch chan *T) (out []*T) {
	for i, t := range ts {
		_ = i
		out = append(out, t)
		t.fs = append(t.fs, func() { G = t.p })
	}
	for k, t := range m {
		_ = k
		G = t.p
	}
	for _, t := range arr {
		G = t.p
	}
	for t := range ch {
		G = t.p
	}
	for i := 0; i < 10; i++ {
		t.fs(&i)
	}
	for i := 0; i < 10; i++ {
		G = &i
	}
	return
}

type tt struct{}
func (tt) fs(p *int) {}
var t tt

func two(p, q *int) (*int, *int) { return q, p }
func pass(p, q *int) (*int, *int) { return two(p, q) }
func pass2(p, q *int) { a, b := two(p, q); G = a; _ = b }
func sink(x ...interface{}) { GI = x }
func use(p, q *int) { sink(two(p, q)) }

func iface(i I, p *int) *int {
	return i.M(p)
}
func mv(t *T) func(*int) *int {
	return t.M
}
func emb(e *E, e2 E) (*int, *int) {
	f := e2.QM
	_ = f
	return e.QM(), e.p
}
func arrs(e E) []int {
	return e.arr[:]
}
func asrt(x interface{}) *T {
	if t, ok := x.(*T); ok {
		return t
	}
	switch y := x.(type) {
	case T:
		GI = y
	case I:
		G = y.M(nil)
	case *T, *U:
		GI = y
	}
	y := x.(T)
	return &y
}
func structs(p *int) *T {
	t := T{p: p}
	a := [2]*T{&t, nil}
	m := map[string]*T{"a": &t}
	_ = m
	return a[0]
}
func deferred(p *int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			G = p
		}
	}()
	for {
		defer two(p, p)
		go two(p, nil)
	}
}
func copying(d, s []*int, c chan []*int) {
	copy(d, s)
	select {
	case c <- d:
	case x := <-c:
		G = x[0]
	case d, ok := <-c:
		G = d[0]
		_ = ok
	}
	d = append(d, s...)
	panic(d)
}
func conv(b []byte, s string) string {
	s += "x"
	x := s + string(b)
	var e interface{} = x
	GI = e
	GI = len(x)
	GI = "abc"
	GI = &b
	return x
}
func unknown(f func(*int) *int, p *int) *int {
	return f(p)
}
func selfa(t *T) {
	t.s = t.s[1:]
	t.p = t.next.p
	t.next = t
}
func lits() {
	var x, y int
	GS = append(GS, &T{p: &x, next: &T{p: &y}})
	GT.next = &T{arr: [4]int{1}}
	big := [1 << 20]int{}
	_ = big
	n := len(GS)
	s := make([]int, n)
	_ = s
	s = make([]int, 1<<20)
	fn := new(T)
	GT = fn
	func() {
		z := 1
		G = &z
		x = 2
	}()
}
func recur(p *int, n int) *int {
	if n == 0 { return p }
	return recur2(p, n-1)
}
func recur2(p *int, n int) *int { return recur(p, n) }

func main() {
	_ = conv
}
