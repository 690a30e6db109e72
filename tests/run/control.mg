// run
package main

import "fmt"

func classify(n int) string {
	switch {
	case n < 0:
		return "negative"
	case n == 0:
		return "zero"
	case n%2 == 0:
		fallthrough
	case n == 1:
		return "even or one"
	default:
		return "odd"
	}
}

func weekday(d int) (name string) {
	switch d {
	case 0, 6:
		name = "weekend"
	case 1, 2, 3, 4, 5:
		name = "workday"
	default:
		name = "never"
	}
	return
}

func find(grid [][]int, want int) (int, int) {
outer:
	for y, row := range grid {
		for x, v := range row {
			if v == want {
				return x, y
			}
			if v < 0 {
				continue outer
			}
			if v > 100 {
				break outer
			}
		}
	}
	return -1, -1
}

func collatz(n int) (steps int) {
loop:
	if n == 1 {
		return
	}
	if n%2 == 0 {
		n /= 2
	} else {
		n = 3*n + 1
	}
	steps++
	goto loop
}

func main() {
	for _, n := range []int{-3, 0, 1, 2, 7} {
		fmt.Println(n, classify(n))
	}
	for d := range 8 {
		fmt.Print(weekday(d), " ")
	}
	fmt.Println()
	fmt.Println(find([][]int{{1, -1, 5}, {2, 5}}, 5))
	fmt.Println(find([][]int{{1, 200, 5}, {5}}, 5))
	fmt.Println(collatz(27))
	var funcs []func() int
	for i := 0; i < 3; i++ {
		funcs = append(funcs, func() int { i *= 10; return i })
	}
	for _, f := range funcs {
		fmt.Print(f(), f(), " ")
	}
	fmt.Println()
	for i, r := range "aé世\xff!" {
		fmt.Printf("%d:%U ", i, r)
	}
	fmt.Println()
	sum := 0
	for i := 10; i > 0; i -= 3 {
		if i == 4 {
			continue
		}
		sum += i
	}
	fmt.Println(sum)
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		if i == 2 {
			fmt.Println(v)
		}
	}
	for i, v := range &arr {
		arr[2] = 20
		if i == 2 {
			fmt.Println(v)
		}
	}
	x := 5
	{
		x := x * 2
		x++
		fmt.Println(x)
	}
	fmt.Println(x)
	switch y := any(x).(type) {
	case string:
		fmt.Println("string", y)
	case int, int64:
		fmt.Printf("%T %v\n", y, y)
	}
	if v, ok := map[string]int{"a": 1}["b"]; !ok {
		fmt.Println("missing", v)
	}
}
