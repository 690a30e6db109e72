// run

// Values that get to where they are printed by way of other interfaces, fields, panics and methods: nothing of what they
// need may be taken for unreachable.
package main

import (
	"errors"
	"fmt"
)

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

func (s square) String() string { return fmt.Sprint("square ", s.side) }

type hidden struct {
	inner error
	value any
	table map[string]shape
}

type code uint8

func (c code) Error() string { return "code " + string(rune('a'+c)) }

type onlyAsserted struct{}

func (*onlyAsserted) area() int { return -1 }

type temperature float64

type formatted struct{}

func (formatted) Format(state fmt.State, verb rune) { fmt.Fprintf(state, "<%c>", verb) }

func caught(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

func classify(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case shape:
		return fmt.Sprint("shape ", v.area())
	case error:
		return "error " + v.Error()
	case []any:
		return fmt.Sprint("list of ", len(v))
	default:
		return "other"
	}
}

func main() {
	fmt.Println(nil, "text")
	var s shape = square{3}
	fmt.Println(s)
	values := make(chan shape, 1)
	values <- square{4}
	fmt.Println(<-values)
	fmt.Println(hidden{code(1), temperature(2.5), map[string]shape{"one": square{1}}})
	fmt.Printf("%v %d %+v\n", &hidden{}, code(2), struct{ C code }{3})
	fmt.Println(caught(func() { panic(fmt.Sprint("made ", 1)) }), caught(func() { panic(code(4)) }))
	fmt.Println(caught(func() { var list []int; _ = list[len(values)] }))
	fmt.Println(caught(func() { var v any = "text"; _ = v.(shape) }))
	fmt.Println(classify(nil), classify(&onlyAsserted{}), classify(code(5)), classify([]any{1}), classify(true))
	var target code
	wrapped := fmt.Errorf("wrapped: %w", code(6))
	fmt.Println(wrapped, errors.As(wrapped, &target), target)
	fmt.Println(formatted{}, []formatted{{}})
	fmt.Printf("%T %p %q\n", square{}, nil, []string{"a"})
}
