// run
package main

import (
	"fmt"
	"math"
	"sort"
)

type point struct{ x, y int }

func main() {
	m := map[string]int{"one": 1, "two": 2}
	m["three"]++
	m["two"] += 40
	delete(m, "one")
	delete(m, "absent")
	fmt.Println(len(m), m)
	v, ok := m["one"]
	fmt.Println(v, ok)

	big := make(map[int]int)
	for i := range 10000 {
		big[i*7] = i
	}
	for i := 0; i < 10000; i += 2 {
		delete(big, i*7)
	}
	sum := 0
	for k, v := range big {
		sum += k - 7*v + 1
	}
	fmt.Println(len(big), sum)

	grid := map[point][]string{}
	grid[point{1, 2}] = append(grid[point{1, 2}], "a", "b")
	grid[point{}] = nil
	fmt.Println(len(grid[point{1, 2}]), len(grid))

	nan := map[float64]int{}
	nan[math.NaN()] = 1
	nan[math.NaN()] = 2
	nan[0.0] = 3
	negative := 0.0
	nan[-negative] = 4
	fmt.Println(len(nan), nan[0])
	clear(nan)
	fmt.Println(len(nan))

	mixed := map[any]string{1: "int", "1": "string", 1.5: "float", point{1, 1}: "point", [2]bool{true}: "array", nil: "nil"}
	fmt.Println(mixed[1], mixed["1"], mixed[1.5], mixed[point{1, 1}], mixed[[2]bool{true, false}], mixed[nil], len(mixed[int64(1)]))

	// Entries deleted while ranging are not met; added ones may be.
	seen := 0
	work := map[int]bool{}
	for i := range 1000 {
		work[i] = true
	}
	for k := range work {
		seen++
		delete(work, k)
		delete(work, (k+1)%1000)
	}
	fmt.Println(len(work), seen <= 1000 && seen >= 500)
	for i := range 8 {
		work[i] = true
	}
	count := 0
	for k := range work {
		if k < 1000 {
			count++
			for j := range 300 {
				work[1000+k*1000+j] = true
			}
		}
	}
	fmt.Println(count, len(work))

	nested := map[string]map[string]int{}
	for _, w := range []string{"ab", "ac", "bb", "ab"} {
		inner := nested[w[:1]]
		if inner == nil {
			inner = map[string]int{}
			nested[w[:1]] = inner
		}
		inner[w]++
	}
	fmt.Println(nested)
	var none map[string]int
	fmt.Println(none["x"], len(none), none == nil)
	for range none {
		panic("never")
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Println(keys)
	structs := map[string]struct{ n int }{"a": {1}}
	fmt.Println(structs["a"].n, structs["b"].n)
	arrays := map[int8][3]string{1: {"x", "y", "z"}}
	fmt.Println(arrays[1][1])
}
