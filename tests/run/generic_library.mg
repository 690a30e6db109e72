// run
package main

// Generic functions of the library, over types of all kinds.

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
)

type person struct {
	name string
	age  int
}

type people []person

type celsius float64

type names map[string]int

func attempt(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(what, "panics:", r)
		}
	}()
	f()
}

func compareThings() {
	fmt.Println(cmp.Compare(1, 2), cmp.Compare("b", "a"), cmp.Compare(2.5, 2.5), cmp.Compare(celsius(3), 4))
	nan := math.NaN()
	fmt.Println(cmp.Compare(nan, 1), cmp.Compare(1, nan), cmp.Compare(nan, nan), cmp.Less(nan, 1), cmp.Less(1, nan), cmp.Less(nan, nan))
	fmt.Println(cmp.Or(0, 0, 3, 4), cmp.Or("", "x"), cmp.Or[int](), cmp.Or(person{}, person{"a", 1}))
	fmt.Printf("%T %T %T\n", cmp.Compare[celsius], cmp.Or[*person], cmp.Less[string])
	var order func(uint8, uint8) int = cmp.Compare
	fmt.Println(order(200, 100), order('a', 'b'))
}

func search() {
	s := []int{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}
	fmt.Println(slices.Index(s, 5), slices.Index(s, 7), slices.Contains(s, 9), slices.ContainsFunc(s, func(x int) bool { return x > 9 }))
	fmt.Println(slices.IndexFunc(s, func(x int) bool { return x%2 == 0 }))
	fmt.Println(slices.Equal(s, s[:10]), slices.Equal([]int{}, nil), slices.Equal([]string{"a"}, []string{"a"}))
	fmt.Println(slices.EqualFunc(s[:2], []string{"3", "1"}, func(x int, y string) bool { return fmt.Sprint(x) == y }))
	fmt.Println(slices.Compare(s, s[:3]), slices.Compare([]int{1, 2}, []int{1, 3}), slices.Compare([]float64{}, nil))
	fmt.Println(slices.CompareFunc(people{{"a", 1}}, []int{1, 2}, func(p person, n int) int { return p.age - n }))
	fmt.Println(slices.Min(s), slices.Max(s), slices.Max([]string{"x", "yy"}), slices.Min([]celsius{1, -2}), slices.Max([]float64{1, math.NaN()}))
	all := people{{"bob", 30}, {"al", 25}, {"cy", 30}, {"di", 25}}
	byAge := func(a, b person) int { return cmp.Compare(a.age, b.age) }
	fmt.Println(slices.MinFunc(all, byAge), slices.MaxFunc(all, byAge))
	sorted := slices.Sorted(slices.Values(s))
	fmt.Println(sorted, slices.IsSorted(sorted), slices.IsSorted(s), slices.IsSortedFunc(all, byAge))
	for _, x := range []int{0, 1, 5, 7, 10} {
		at, found := slices.BinarySearch(sorted, x)
		fmt.Print(at, found, " ")
	}
	at, found := slices.BinarySearchFunc(sorted, "4", func(x int, text string) int { return strings.Compare(fmt.Sprint(x), text) })
	fmt.Println(at, found)
	attempt("Min", func() { slices.Min([]int{}) })
	attempt("Max", func() { slices.Max(people{}.ages()) })
	attempt("MinFunc", func() { slices.MinFunc(people(nil), byAge) })
	attempt("MaxFunc", func() { slices.MaxFunc(people(nil), byAge) })
}

func (p people) ages() (ages []int) {
	for _, q := range p {
		ages = append(ages, q.age)
	}
	return ages
}



func change() {
	letters := func() []string { return strings.Split("abcdefg", "") }
	s := letters()
	fmt.Println(slices.Insert(s, 2, "x", "y"), slices.Insert(s, 7, "z"), slices.Insert(s, 0), len(slices.Insert([]int(nil), 0)))
	roomy := append(make([]string, 0, 20), letters()...)
	fmt.Println(slices.Insert(roomy, 1, "x"), roomy[:8])
	roomy = append(make([]string, 0, 20), letters()...)
	fmt.Println(slices.Insert(roomy, 1, roomy[3:6]...), roomy[:10])
	roomy = append(make([]string, 0, 20), letters()...)
	fmt.Println(slices.Insert(roomy, 1, roomy[:9][6]))
	roomy = append(make([]string, 0, 20), letters()...)
	fmt.Println(slices.Insert(roomy, 5, roomy[:3]...))
	s = letters()
	fmt.Println(slices.Delete(s, 1, 3), s)
	s = letters()
	fmt.Println(slices.Delete(s, 2, 2), slices.Delete(s, 0, 7), s)
	numbers := []int{1, 2, 3, 4, 5, 6}
	fmt.Println(slices.DeleteFunc(numbers, func(x int) bool { return x%3 != 0 }), numbers)
	fmt.Println(slices.DeleteFunc([]int{1}, func(x int) bool { return false }))
	s = letters()
	fmt.Println(slices.Replace(s, 1, 3, "x"), s)
	s = letters()
	fmt.Println(slices.Replace(s, 1, 3, "x", "y", "z"), s)
	fmt.Println(slices.Replace(letters(), 5, 7, "x"), slices.Replace(letters(), 3, 3, "x"), slices.Replace(letters(), 0, 7))
	roomy = append(make([]string, 0, 20), letters()...)
	fmt.Println(slices.Replace(roomy, 1, 2, roomy[4:7]...), roomy[:9])
	c := slices.Clone(people{{"a", 1}})
	fmt.Printf("%T %v %v %v\n", c, c, slices.Clone([]int(nil)) == nil, slices.Clone([]int{}) == nil)
	fmt.Println(slices.Compact([]int{1, 1, 2, 2, 2, 3, 1, 1}), slices.Compact([]int{}), slices.Compact([]string{"a", "b"}))
	words := []string{"A", "a", "B", "b", "c", "C", "c"}
	fmt.Println(slices.CompactFunc(words, strings.EqualFold), words)
	grown := slices.Grow([]int{1}, 100)
	fmt.Println(len(grown), cap(grown) >= 101, len(slices.Clip(grown)), cap(slices.Clip(grown)))
	slices.Reverse(numbers)
	fmt.Println(numbers, slices.Concat([]int{1}, nil, []int{2, 3}), slices.Concat[people]() == nil)
	fmt.Println(slices.Repeat([]string{"a", "b"}, 3), len(slices.Repeat([]int{1}, 0)))
	attempt("Insert", func() { slices.Insert(numbers, 7, 1) })
	attempt("Delete", func() { slices.Delete(numbers, 3, 2) })
	attempt("Replace", func() { slices.Replace(numbers, 3, 8, 1) })
	attempt("Grow", func() { slices.Grow(numbers, -1) })
	attempt("Repeat", func() { slices.Repeat(numbers, -1) })
	attempt("Repeat", func() { slices.Repeat(make([]struct{}, math.MaxInt/2), 3) })
	attempt("Chunk", func() { slices.Chunk(numbers, 0) })
}

func sorts() {
	var many []person
	state := uint32(1)
	for i := 0; i < 500; i++ {
		state = state*1664525 + 1013904223
		many = append(many, person{fmt.Sprint(i), int(state>>24) % 40})
	}
	byAge := func(a, b person) int { return a.age - b.age }
	digest := func(list []person) (sum uint32) {
		for _, p := range list {
			for _, c := range p.name {
				sum = sum*31 + uint32(c)
			}
		}
		return sum
	}
	unstable, stable := slices.Clone(many), slices.Clone(many)
	slices.SortFunc(unstable, byAge)
	slices.SortStableFunc(stable, byAge)
	fmt.Println(slices.IsSortedFunc(unstable, byAge), digest(unstable), digest(stable))
	fmt.Println(digest(slices.SortedFunc(slices.Values(many), byAge)), digest(slices.SortedStableFunc(slices.Values(many), byAge)))
	floats := []float64{2, math.NaN(), -1, math.Inf(1), math.Copysign(0, -1), 0, math.NaN(), 7}
	slices.Sort(floats)
	fmt.Println(floats)
	words := strings.Fields("the quick brown fox jumps over the lazy dog")
	slices.Sort(words)
	fmt.Println(words)
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), -strings.Compare(a, b))
	})
	fmt.Println(words)
	temperatures := []celsius{3, 1, 2}
	slices.Sort(temperatures)
	slices.SortFunc(temperatures[:2], cmp.Compare[celsius])
	slices.SortFunc(temperatures[1:], cmp.Compare)
	fmt.Println(temperatures)
}

func sequences() {
	m := names{"x": 1, "y": 2, "z": 3}
	keys := slices.Collect(maps.Keys(m))
	slices.Sort(keys)
	fmt.Println(keys, slices.Sorted(maps.Values(m)))
	clone := maps.Clone(m)
	clone["w"] = 4
	fmt.Printf("%T %v %v %v\n", clone, clone, maps.Equal(m, clone), maps.Clone(names(nil)) == nil)
	maps.DeleteFunc(clone, func(key string, value int) bool { return value%2 == 1 })
	maps.Copy(clone, map[string]int{"v": 5})
	fmt.Println(clone, maps.EqualFunc(m, map[string]string{"x": "1", "y": "2", "z": "3"}, func(x int, y string) bool { return fmt.Sprint(x) == y }))
	collected := maps.Collect(maps.All(m))
	fmt.Printf("%T %v\n", collected, collected)
	indexed := maps.Collect(slices.All([]string{"a", "b", "c"}))
	maps.Insert(indexed, slices.Backward([]string{"d"}))
	fmt.Println(indexed)
	slices.Backward(keys)(func(i int, key string) bool {
		fmt.Print(i, key, " ")
		return i > 1
	})
	slices.Chunk(people{{"a", 1}, {"b", 2}, {"c", 3}}, 2)(func(part people) bool {
		fmt.Print(part, cap(part), " ")
		return true
	})
	var seq iter.Seq[string] = maps.Keys(m)
	fmt.Printf("%T %T %v\n", seq, slices.All(keys), slices.AppendSeq([]string{"first"}, func(yield func(string) bool) { yield("last") }))
}

func once() {
	calls := 0
	value := sync.OnceValue(func() person { calls++; return person{"once", calls} })
	both := sync.OnceValues(func() (int, error) { calls++; return calls, errors.New("both") })
	fails := sync.OnceValue(func() int { calls++; panic(fmt.Sprint("call ", calls)) })
	for i := 0; i < 2; i++ {
		n, err := both()
		fmt.Println(value(), n, err)
		attempt("OnceValue", func() { fails() })
	}
	fmt.Println(calls)
}

func main() {
	compareThings()
	search()
	change()
	sorts()
	sequences()
	once()
}
