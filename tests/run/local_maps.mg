// run
// Maps that stay in their function have room in its frame while they are small, and move to the heap when they grow.
package main

import (
	"fmt"
	"runtime"
	"sort"
)

type key struct {
	a string
	b int
}
type big struct{ x [20]int }

func count(words []string) string {
	m := map[string]int{}
	for _, w := range words {
		m[w]++
	}
	ks := []string{}
	for k := range m {
		ks = append(ks, k)
	}
	sort.Strings(ks)
	s := ""
	for _, k := range ks {
		s += fmt.Sprint(k, m[k], " ")
	}
	return s
}

func grows(n int) int {
	m := map[int]*int{}
	for i := 0; i < n; i++ {
		v := i
		m[i] = &v
		if i%3 == 0 {
			delete(m, i/2)
		}
	}
	t := 0
	for k, v := range m {
		t += k * *v
		if k%5 == 0 {
			m[k+1000] = v
			delete(m, k+1000)
		}
	}
	return t + len(m)
}

func nested(depth int) int {
	m := map[key]big{{"a", depth}: {}}
	if depth > 0 {
		m[key{"b", 1}] = big{[20]int{nested(depth - 1)}}
	}
	return len(m) + m[key{"b", 1}].x[0]
}

func perLoop() (t int) {
	for i := 0; i < 100; i++ {
		m := make(map[any]string, 3)
		m[i] = "x"
		m["y"] = fmt.Sprint(i)
		m[3.5] = "z"
		for k, v := range m {
			if s, ok := k.(string); ok {
				t += len(s) + len(v)
			}
		}
		clear(m)
		t += len(m)
		func() {
			defer func() { recover() }()
			m[[]int{1}] = "bad"
		}()
		m[1] = "a"
		t += len(m[1])
	}
	return
}

func set(items ...int) int {
	seen := map[int]struct{}{}
	for _, i := range items {
		seen[i] = struct{}{}
	}
	_, ok := seen[3]
	if ok {
		return len(seen)
	}
	return -len(seen)
}

func escapes() map[int]int {
	m := map[int]int{1: 2}
	return m
}

func helper(m map[string][]byte, k string) { m[k] = append(m[k], k...) }

func passed() string {
	m := map[string][]byte{}
	for i := 0; i < 30; i++ {
		helper(m, string(rune('a'+i%11)))
	}
	return string(m["c"]) + fmt.Sprint(len(m))
}

// mallocs counts the heap objects of 100 calls.
func mallocs(f func(i int)) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < 100; i++ {
		f(i)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 100
}

var total int

func main() {
	fmt.Println(mallocs(func(i int) {
		m := map[string]int{"a": 1, "b": i}
		m["c"] = m["a"] + m["b"]
		total += len(m) + m["c"]
	}))
	fmt.Println(count([]string{"a", "b", "a", "c", "d", "e", "f", "g", "h", "a"}))
	for _, n := range []int{0, 1, 6, 7, 8, 9, 20, 300} {
		fmt.Println(grows(n))
	}
	fmt.Println(nested(50), perLoop(), set(1, 2, 3, 3), set(), escapes()[1], passed())
	var nilmap map[string]int
	fmt.Println(nilmap["x"], len(nilmap))
	done := make(chan int)
	for i := 0; i < 4; i++ {
		go func() { done <- grows(i * 40) }()
	}
	t := 0
	for i := 0; i < 4; i++ {
		t += <-done
	}
	fmt.Println(t)
}
