// Compares fmt: every verb with many flags, widths and precisions over many values, and formats made at random.
package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand"
	"os"
	"time"
	"unsafe"

	mgfmt "mg/fmt"
)

type (
	point    struct{ X, Y int }
	named    int
	text     string
	stringer struct{ n int }
	failing  struct{ p *int }
	withErr  struct{}
	goer     struct{}
	nested   struct {
		A any
		b stringer
		C stringer
		d error
		E *point
		f []byte
		G map[string]int
		h [2]bool
		I func()
		J chan int
		inner
		point
		k text
	}
	inner     struct{ Z stringer }
	byteSlice []byte
	myByte    uint8
	pointerS  struct{ n int }
	nilPanic  struct{ n int }
	mapKey    struct {
		a string
		b float64
	}
	self struct{ next *self }
)

func (s stringer) String() string  { return fmt.Sprint("<", s.n, ">") }
func (named) String() string       { return "named!" }
func (f failing) String() string   { return fmt.Sprint(*f.p) }
func (withErr) Error() string      { return "an error" }
func (goer) GoString() string      { return "goer{}" }
func (p *pointerS) String() string { return fmt.Sprint("P", p.n) }
func (p *nilPanic) Error() string  { panic(errors.New("boom")) }
func (m myByte) String() string    { return "B" }

var values []any

func init() {
	n := 5
	cycle := &self{}
	cycle.next = cycle
	var nilPointer *point
	var nilStringer *pointerS
	var nilError *nilPanic
	var nilMap map[string]int
	var nilFunc func()
	values = []any{
		nil, true, false, 0, 1, -1, 42, -42, math.MaxInt64, math.MinInt64, int8(-128), int16(300), int32('x'), int64(-7),
		uint(7), uint8(255), uint16(65535), uint32(1 << 31), uint64(math.MaxUint64), uintptr(0xdeadbeef),
		0.0, math.Copysign(0, -1), 1.0, -1.5, 3.14159, 1e6, 1e20, 1e21, 1e22, 123456789.0, 1e-5, 0.0001, 5e-324,
		math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 2.5, 0.5, 1.0 / 3, 100.0, 1e100,
		float32(0.1), float32(1e10), float32(math.MaxFloat32), float32(16777216), float32(1e-45),
		complex(1, -2), complex64(complex(0.5, math.Inf(1))),
		"", "hello", "héllo, 世界", "a\tb\"c`\n", "\xff\xfe", "\u00a0\u200b\U0010ffff", "☺",
		[]byte("bytes"), []byte(nil), []byte{}, byteSlice("named bytes"), [3]byte{1, 2, 3}, []myByte{1, 2}, [2]myByte{3, 4},
		'x', '世', rune(0x10ffff + 1), rune(-1), '\n',
		named(3), text("t"), stringer{4}, &stringer{5}, withErr{}, goer{}, &pointerS{6}, pointerS{7},
		failing{&n}, failing{}, &failing{}, &nilPanic{1}, nilStringer, nilError, nilPointer,
		errors.New("plain error"), fmt.Errorf("wrapped %w", os.ErrNotExist),
		point{1, -2}, &point{3, 4}, []point{{1, 2}}, []*point{nil}, [2]point{}, &[]int{1}, &map[string]int{"a": 1}, &[2]int{},
		struct{}{}, struct{ A any }{}, struct{ A, b any }{1, "x"}, struct{ error }{}, struct{ E error }{withErr{}},
		[]int{1, 2, 3}, []int{}, []int(nil), [0]int{}, []string{"a", "b c"}, []any{1, "a", nil, 2.5, []int{1}}, []error{nil, withErr{}},
		[][]int{{1}, nil, {}}, []float64{1, 2.5}, []bool{true}, []stringer{{1}, {2}}, []named{1}, []text{"q"},
		map[string]int{"b": 2, "a": 1, "c": 3}, nilMap, map[int]string{3: "x", -1: "y"}, map[bool]int{true: 1, false: 0},
		map[float64]int{math.NaN(): 1, 2: 2, -1: 3, math.Inf(-1): 4}, map[point]bool{{2, 1}: true, {1, 2}: false},
		map[[2]int]string{{2, 1}: "a", {1, 9}: "b"}, map[mapKey]int{{"b", 1}: 1, {"a", 2}: 2}, map[any]int{1: 1, 2: 2},
		map[stringer]point{{1}: {2, 3}}, map[string]any{"x": nil, "y": map[string]int{"z": 1}},
		map[uint8]int{200: 1, 100: 2}, map[error]int{nil: 1},
		nested{A: 1, b: stringer{1}, C: stringer{2}, d: withErr{}, f: []byte("f"), G: map[string]int{"g": 1}, inner: inner{stringer{9}}, k: "k"},
		nested{}, inner{stringer{3}}, struct{ i inner }{inner{stringer{4}}},
		nilFunc, unsafe.Pointer(nil), (chan int)(nil), (*int)(nil), (**point)(nil),
		struct {
			a *int
			b any
		}{}, struct{ p *point }{}, []any{nilPointer, nilMap}, time.Second, []time.Duration{1, 2e9}, time.March,
		struct{ D time.Duration }{3}, struct{ d time.Duration }{3}, &struct{ s stringer }{stringer{1}}, [1]any{}, &[]any{nil},
		[]uint8{1, 2}, [2][]byte{[]byte("x")}, [][]byte{[]byte("xyz"), nil}, []uintptr{1}, &n, cycle, make(chan int), main, &[]byte{1},
	}
}

var failures, count int

func compare(what, ours, theirs string) {
	count++
	if ours != theirs {
		failures++
		if failures <= 40 {
			fmt.Printf("%s\n  ours:   %q\n  theirs: %q\n", what, ours, theirs)
		}
	}
}

// caught returns f's result, or its panic.
func caught(f func() string) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint("PANIC ", r)
		}
	}()
	return f()
}

func check(format string, args ...any) {
	ours := caught(func() string { return mgfmt.Sprintf(format, args...) })
	theirs := caught(func() string { return fmt.Sprintf(format, args...) })
	compare(fmt.Sprintf("Sprintf(%q, %d operands, first %T)", format, len(args), append(args, nil)[0]), ours, theirs)
}

type formatter struct{ v any }

func (f formatter) Format(s fmt.State, verb rune) {
	w, okW := s.Width()
	p, okP := s.Precision()
	fmt.Fprint(s, w, okW, p, okP, string(verb), s.Flag('+'), s.Flag('-'), s.Flag('#'), s.Flag(' '), s.Flag('0'), fmt.FormatString(s, verb))
}

type mgFormatter struct{ v any }

func (f mgFormatter) Format(s mgfmt.State, verb rune) {
	w, okW := s.Width()
	p, okP := s.Precision()
	mgfmt.Fprint(s, w, okW, p, okP, string(verb), s.Flag('+'), s.Flag('-'), s.Flag('#'), s.Flag(' '), s.Flag('0'), mgfmt.FormatString(s, verb))
}

func main() {
	verbs := "vTtbcdoOqxXUeEfFgGspwz%!世"
	flags := []string{"", "+", "-", "#", " ", "0", "+#", "# ", "-0", "+0", "#0", " 0", "#+ 0-", "# 0", "+-", "#+0"}
	sizes := []string{"", "1", "8", "20", ".0", ".1", ".3", ".10", ".", "8.3", "12.0", "3.", "30.20"}
	for _, verb := range verbs {
		for _, flag := range flags {
			for _, size := range sizes {
				format := "%" + flag + size + string(verb)
				for _, v := range values {
					check(format, v)
				}
			}
		}
	}
	for i, v := range values {
		for _, w := range append(values, 3, -5) {
			check("%*d|%v", w, v, v)
			check("%.*f|%v", w, v, v)
			compare(fmt.Sprintf("Sprint %d", i), mgfmt.Sprint(v, w, v), fmt.Sprint(v, w, v))
			compare(fmt.Sprintf("Sprintln %d", i), mgfmt.Sprintln(v, w), fmt.Sprintln(v, w))
		}
		err, mgErr := fmt.Errorf("a %w b", v), mgfmt.Errorf("a %w b", v)
		compare("Errorf", mgErr.Error(), err.Error())
		compare("Unwrap", fmt.Sprint(errors.Unwrap(mgErr)), fmt.Sprint(errors.Unwrap(err)))
		err, mgErr = fmt.Errorf("%w %[1]w %w", v, withErr{}), mgfmt.Errorf("%w %[1]w %w", v, withErr{})
		compare("Errorf", mgErr.Error(), err.Error())
		compare("Is", fmt.Sprint(errors.Is(mgErr, withErr{})), fmt.Sprint(errors.Is(err, withErr{})))
	}
	random := rand.New(rand.NewSource(1))
	pieces := []string{"%", "[1]", "[2]", "[3]", "[9]", "[", "]", "[x]", "*", ".", "0", "-", "+", "#", " ", "5", "12", "99999999", "d", "s", "v", "x", "q", "z", "%%", "é"}
	for range 300000 {
		format := "%"
		for range random.Intn(9) {
			format += pieces[random.Intn(len(pieces))]
		}
		var args []any
		for range random.Intn(4) {
			if random.Intn(2) == 0 {
				args = append(args, random.Intn(12)-2)
			} else {
				args = append(args, values[random.Intn(len(values))])
			}
		}
		check(format, args...)
	}
	for _, flag := range flags {
		for _, size := range sizes {
			for _, verb := range "vsdxq" {
				format := "%" + flag + size + string(verb)
				compare("Formatter "+format, mgfmt.Sprintf(format, mgFormatter{}), fmt.Sprintf(format, formatter{}))
			}
		}
	}
	fmt.Println(count, "comparisons,", failures, "differences")
	if failures > 0 {
		os.Exit(1)
	}
}
