// run
package main

import "fmt"

type Point struct{ X, Y int }

func (p Point) Add(q Point) Point     { return Point{p.X + q.X, p.Y + q.Y} }
func (p *Point) Scale(k int) *Point   { p.X *= k; p.Y *= k; return p }
func (p Point) Swap() (int, int)      { return p.Y, p.X }

type Rect struct {
	Min, Max Point
	tag      string
}

type Base struct{ id int }

func (b *Base) SetID(n int) { b.id = n }
func (b Base) ID() int      { return b.id }

type Middle struct {
	*Base
	Point
}

type Top struct {
	Middle
	name string
	arr  [3]Point
}

type Big struct {
	values [40]int
	name   string
}

func makeBig(n int) Big {
	var b Big
	for i := range b.values {
		b.values[i] = n + i
	}
	b.name = fmt.Sprint("big", n)
	return b
}

func (b Big) sum() (s int) {
	b.values[0] = 0
	for _, v := range b.values {
		s += v
	}
	return
}

func many(a, b, c, d, e, f, g, h, i, j int, s string, x float64) (int, string, float64, Point, [2]int, error) {
	return a + b + c + d + e + f + g + h + i + j, s, x, Point{a, b}, [2]int{c, d}, nil
}

type list struct {
	head *item
	size int
}
type item struct {
	value any
	next  *item
}

func (l *list) push(v any) { l.head = &item{v, l.head}; l.size++ }

var global = Rect{Max: Point{1, 2}}
var (
	late  = early + 1
	early = compute()
)

func compute() int { return 41 }

func init() { global.tag = "set" }
func init() { global.tag += " twice" }

func main() {
	p := Point{1, 2}
	q := p.Add(Point{10, 20})
	p.Scale(3).Scale(2)
	fmt.Println(p, q, p == Point{6, 12}, p != q)
	y, x := q.Swap()
	fmt.Println(y, x)
	r := Rect{Min: p}
	r.Max.X = 9
	pr := &r.Max
	pr.Y = 8
	s := r
	s.Min.X = 0
	fmt.Println(r, s, r == s)
	t := Top{Middle: Middle{Base: &Base{1}, Point: Point{3, 4}}, name: "t"}
	t.SetID(55)
	t.Scale(10)
	t.arr[1] = t.Point
	u := t
	u.X = 0
	u.SetID(66)
	fmt.Println(t.ID(), t.X, t.Point, u.arr, t.Add(Point{1, 1}), t.id)
	b := makeBig(5)
	c := b
	c.values[1] = 1000
	fmt.Println(b.sum(), c.sum(), b.values[0], c.name, b == c, makeBig(1) == makeBig(1))
	bigs := map[string]Big{"a": b}
	bigs["b"] = bigs["a"]
	fmt.Println(bigs["b"].values[39], bigs["none"].name == "", len(bigs))
	ch := make(chan Big, 2)
	ch <- b
	ch <- c
	<-ch
	fmt.Println((<-ch).values[1])
	var boxed any = b
	fmt.Println(boxed.(Big).name, boxed == any(b))
	fmt.Println(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, "s", 1.5))
	l := &list{}
	for i := range 5 {
		l.push(Point{i, i * i})
	}
	for it := l.head; it != nil; it = it.next {
		fmt.Print(it.value, " ")
	}
	fmt.Println(l.size)
	anon := struct {
		a int
		b []string
	}{1, []string{"x"}}
	fmt.Printf("%+v %v\n", anon, &anon)
	fmt.Println(global, late, early)
	pp := &t
	fmt.Println(pp.Middle.Base.id, (*pp).name)
	i, j := 1, 2
	arr := []int{0, 1, 2, 3}
	i, arr[i] = 3, 9
	fmt.Println(i, arr)
	i, j = j, i
	arr[0], arr[3] = arr[3], arr[0]
	fmt.Println(i, j, arr)
	type local struct{ Point }
	fmt.Printf("%T %v %+v\n", local{}, local{p}, []*Point{nil})
	var e struct{}
	fmt.Println(e, [0]int{}, struct{ _ int }{})
	f := Point.Add
	g := p.Add
	p.X = 1000
	fmt.Println(f(p, q).X, g(q).X)
}
