// escapecheck

// Types in messages: as they are written.
package main

import ("fmt"; "io")

type N struct{}
type B []byte
type MB byte
type MR rune
type I interface { M(a int, b string) (x, y error); m() }

func main() {
	var r rune = 'a'
	_ = []struct{ a, b interface{}; C rune; fmt.Stringer; *N; d byte `json:"x"` }{}
	_ = []func(a int, b ...interface{}) (c, d rune){}
	_ = []func(any, byte) uint8{}
	_ = []interface{ M(int) interface{}; io.Reader }{}
	_ = []interface{ io.Reader; io.Writer }{}
	_ = map[rune]byte{}
	_ = map[int32]uint8{}
	_ = []chan<- func(int) rune{}
	_ = []<-chan <-chan int{}
	_ = []chan (<-chan int){}
	_ = [...]*interface{}{}
	_ = make([]interface{ error; M() }, 1)
	_ = new(struct{ x interface{} })
	_ = new(interface{ m() })
	_ = new(func(...rune))
	_ = any([]rune{})
	_ = any(struct{ a rune }{1})
	_ = B("abc")
	_ = string(B{})
	_ = string([]MB{1})
	var mb []MB
	_ = string(mb)
	_ = []MB("x")
	_ = []MR("x")
	s := "u"
	_ = []MB(s)
	_ = []MR(s)
	_ = B(s)
	_ = MB(r)
	type S2 string
	_ = S2(mb)
	_ = []MB(S2(s))
	_ = any(MB(3))
	_ = any(r)
	_ = any(MR('c'))
	_ = any(1.5)
	_ = any(float32(1.5))
	_ = any(1e100)
	_ = any(uint64(1) << 60)
	_ = any('x' + 1)
	const c rune = 9
	_ = any(c)
	const d = 'x'
	_ = any(d)
	var f func(a, b rune) (c interface{})
	_ = any(f)
	_ = any([2]rune{})
	_ = any(&struct{ q interface{} }{})
	var i I
	_ = any(i)
	_, _ = i.(interface{ m() })
	_ = new(interface { I; N() })
	_ = fmt.Sprint(r, 'b', rune(7), byte(8), 'b' - 'a', c, d, "x" + "y", true && false, len("abc"))
}
