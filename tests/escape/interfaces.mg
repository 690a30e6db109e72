// escapecheck

package main

import "fmt"

type I interface{ M(p *int) *int }
type T struct{ a int }

func (t T) M(p *int) *int { return p }

type P struct{ a int }

func (t *P) M(p *int) *int { return p }

func g() {
	var i I = T{1}
	x := 1
	i.M(&x)
	var j I
	j = &P{2}
	_ = *j.M(&x)
	func() {
		j.M(&x)
	}()
	k := i
	k.M(new(int))
	I(T{}).M(nil)
}

func f(i I) {
	i.M(new(int))
	var j I = i
	j.M(new(int))
	if t, ok := i.(T); ok {
		var z I = t
		z.M(new(int))
	}
}
var table = []any{1, "text", float32(2)}

var runes = []rune("text")

func later(x int) {
	go fmt.Println("go", x)
	defer fmt.Println("defer", x)
	for i := range x {
		defer fmt.Println(i)
	}
	r := []rune("local")
	_ = r
}

func main() {
	g()
	f(T{})
	later(len(table) + len(runes))
}
