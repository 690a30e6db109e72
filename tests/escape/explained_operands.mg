// escapecheck -m=2

// What go and defer evaluate at once, and what in the call.
package main

var b = []byte{1}

type T struct{ p *int; s []int }

func leak(p *int, s []int, t T, a ...any) {}

func main() {
	x := 1
	go leak(&x, []int{1, x}, T{&x, []int{2}}, 1, "a")
	y := 1
	defer leak(&y, []int{1, y}, T{&y, []int{2}}, 1, "a")
	for i := range 3 {
		defer leak(&i, []int{1, i}, T{&i, []int{2}}, 1, "a", &T{nil, []int{}})
	}
	defer println([]int{1, 2}, x)
	go println(len([]int{1, 2}), x)
	defer copy([]int{1}, []int{2, x})
	go copy([]int{1: 0}, []int{})
	m := map[string][]int{}
	defer delete(m, "a")
	defer clear([]int{x})
	defer func(a []int) {}([]int{3})
	defer panic([]int{3})
	go func(a []int, b map[int]int, c any) {}([]int{3}, map[int]int{}, []string{"a"})
}
