// escapecheck

// Constants whose type is spelled rune are shown as characters, those of int32 are not.
package main

const g rune = 9
const g2 = 'x'
const (
	h rune = iota
	i
)

var v rune = 3

type R rune

func f(a ...any) {}

func main() {
	f(g, g2, h, i, g+1, -g2)
	var r rune = 3
	r2 := 'x'
	var r3 int32 = 'x'
	const l rune = 'q'
	const l2 int32 = 'q'
	r4 := r3
	r5 := r
	f(r, r2, r3, l, l2, r4, r5, R('a'), int32(5), 'a'+r, g*2)
	for _, c := range "abc" {
		f(c)
	}
	_ = []any{r, l, l2}
}
