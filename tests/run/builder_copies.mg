// run

package main

import (
	"fmt"
	"strings"
)

type holder struct{ b strings.Builder }

var kept *holder

func build(n int) string {
	var b strings.Builder
	for i := 0; i < n; i++ {
		b.WriteByte(byte('a' + i%26))
		b.WriteString("xy")
		b.WriteRune('é')
	}
	return b.String()
}

func main() {
	s := ""
	for i := 0; i < 100; i++ {
		s = build(i)
	}
	fmt.Println(len(s), s[:10])
	h := &holder{}
	kept = h
	h.b.WriteString("abc")
	f := h.b.WriteString
	f("def")
	fmt.Println(h.b.String(), h.b.Len())
	defer func() { fmt.Println(recover()) }()
	c := h.b
	c.Reset()
	c.WriteString("q")
	fmt.Println(c.String())
	d := h.b
	d.WriteString("x")
}
