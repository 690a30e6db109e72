// escapecheck -m=2

package main

type T struct{ p *int; n int }

func (t *T) set(p *int) { t.p = p }
func (t T) get() *int   { return t.p }

type I interface{ get() *int }

var G *int
var GI any
var m map[string]*int

func f1(t T, p *int) *int {
	t.set(p)
	var i I = t
	G = i.get()
	v, ok := m["a"]
	_ = ok
	G = v
	var x *int = p
	y, z := x, p
	y, z = z, y
	G = y
	pp := &x
	**pp = 3
	*pp = p
	arr := []*int{0: p, 2: nil}
	w := arr[1]
	w2 := arr[1:2]
	_, _ = w, w2
	return *pp
}

func f2() (func() int, *int) {
	c := 0
	inc := func() int { c++; return c }
	return inc, &c
}

func f3(c chan *int) *int {
	v, ok := <-c
	_ = ok
	G = <-c
	var e any = v
	if q, ok := e.(*int); ok {
		return q
	}
	GI = struct{ a, b *int }{v, v}
	go f4(v, 1)
	defer f4(v, 2)
	for i := range 10 {
		f4(&i, i)
	}
	for i, s := range []string{"a"} {
		GI = s
		GI = i
	}
	return nil
}

func f4(p *int, n int) { var q *int; q = p; _ = q; println(n) }

func f5(xs ...*int) *int {
	if len(xs) == 0 {
		return nil
	}
	return f5(xs[1:]...)
}

func f6(b bool) any {
	if b {
		goto end
	}
	switch x := GI.(type) {
	case nil:
		return x
	default:
		GI = x
	}
end:
	GI = T{n: 1}
	GI = [3]int{1, 2, 3}
	GI = map[int]*int{1: G}
	GI = []any{1, "a", G}
	GI = func() {}
	GI = 5 + len("a")
	return &T{G, 1}
}

func f7(s string, bs []byte, rs []rune) {
	GI = s + "x" + string(bs)
	_ = string(rs)
	x := []byte(s)
	x[0] = 1
	y := []rune(s)
	GI = y
	GI = s[1:]
	s += "a"
	GI = m
	GI = min(s, "b")
	delete(m, s)
	GI = m[s]
	m[s] = G
	GI = new(int)
	GI = make(chan int)
	GI = make(map[string]int)
	GI = make([]int, 3, 4)
	n := 3
	GI = make([]int, n)
}

var global = &T{p: new(int)}
var gf = func(p *int) { G = p }

func main() { f5(G, G); f5(); x := 1; f5(&x); gf(&x); f1(T{}, &x) }
