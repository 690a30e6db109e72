// run
package main

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Shape interface {
	Area() float64
	Name() string
}

type Square struct{ side float64 }
type Circle struct{ r float64 }
type Named struct {
	Shape
	label string
}

func (s Square) Area() float64  { return s.side * s.side }
func (s Square) Name() string   { return "square" }
func (c *Circle) Area() float64 { return 3 * c.r * c.r }
func (c *Circle) Name() string  { return "circle" }
func (n Named) Name() string    { return n.label + " " + n.Shape.Name() }

type Temp float64

func (t Temp) String() string { return fmt.Sprintf("%.1f°", float64(t)) }

type MyErr struct{ code int }

func (e *MyErr) Error() string { return fmt.Sprint("code ", e.code) }

var ErrBase = errors.New("base")

func fail(n int) error {
	switch n {
	case 0:
		return nil
	case 1:
		return &MyErr{7}
	default:
		return fmt.Errorf("wrapped %d: %w", n, ErrBase)
	}
}

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type Tree struct {
	Left, Right *Tree
	Value       int
}

func (t *Tree) Insert(v int) *Tree {
	if t == nil {
		return &Tree{Value: v}
	}
	if v < t.Value {
		t.Left = t.Left.Insert(v)
	} else {
		t.Right = t.Right.Insert(v)
	}
	return t
}

func (t *Tree) Walk(visit func(int)) {
	if t != nil {
		t.Left.Walk(visit)
		visit(t.Value)
		t.Right.Walk(visit)
	}
}

func main() {
	shapes := []Shape{Square{2}, &Circle{1}, Named{Square{3}, "big"}, &Named{&Circle{2}, "round"}}
	for _, s := range shapes {
		fmt.Printf("%s %.1f %T\n", s.Name(), s.Area(), s)
	}
	var t any = Temp(36.6)
	fmt.Println(t, Temp(1))
	if s, ok := t.(fmt.Stringer); ok {
		fmt.Println("stringer", s)
	}
	_, ok := t.(error)
	fmt.Println(ok)
	for i := 0; i < 3; i++ {
		err := fail(i)
		var mine *MyErr
		fmt.Println(err, errors.Is(err, ErrBase), errors.As(err, &mine), err == nil)
	}
	words := byLen(strings.Fields("the quick brown fox jumped over a lazy dog"))
	sort.Stable(words)
	fmt.Println(words)
	area := shapes[0].Area
	name := (*Circle).Name
	fmt.Println(area(), name(&Circle{}), Square.Area(Square{5}))
	var root *Tree
	for _, v := range []int{5, 2, 8, 1, 9, 3} {
		root = root.Insert(v)
	}
	var out []string
	root.Walk(func(v int) { out = append(out, fmt.Sprint(v)) })
	fmt.Println(strings.Join(out, ","))
	var e1, e2 any = 1, 1.0
	fmt.Println(e1 == e2, e1 == any(1), any("a") == any("a"), any(nil) == nil, any([2]int{1, 2}) == any([2]int{1, 2}))
	var sh Shape
	fmt.Println(sh == nil)
	var c *Circle
	sh = c
	fmt.Println(sh == nil, sh.Name())
}
