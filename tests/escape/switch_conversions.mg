// escapecheck

// Cases and tags that meet interfaces, and constants in conversions.
package main

type T struct{ a int }
func main() {
	switch i := interface{}(true); {
	case i:
	case false:
	case len("a") == x:
	}
	var a any = 3
	switch x {
	case a:
	case 4:
	case x + 1:
	}
	switch a {
	case a:
	case 4:
	case x + 1:
	case "s":
	case T{1}:
	}
	switch 7 {
	case a:
	case 4:
	}
	var e error
	switch e {
	case nil:
	}
	const c rune = 'x'
	var r rune = 3
	var r2 int32 = 4
	d := rune(5)
	_, _, _, _, _ = any(c), any(r), any(r2), any(d), any(rune(6))
	_, _ = any('a'+1), any(int32('a'))
	var bb byte = 3
	_ = any(bb)
	_ = any(uint8(3))
}
var x = 1
