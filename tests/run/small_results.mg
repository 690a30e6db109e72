// run

// Strings, slices and boxes that are small and do not escape need no heap; those that do escape are not lost.

package main

import (
	"fmt"
	"io"
	"runtime"
)

var (
	keptString string
	keptBytes  []byte
	keptRunes  []rune
	keptInts   []int
	keptAny    any
)

// mallocs counts what f allocates in 1,000 rounds.
func mallocs(f func(i int)) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range 1000 {
		f(i)
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / 1000
}

func sum(all []int) (sum int) {
	for _, one := range all {
		sum += one
	}
	return sum
}

func main() {
	words := []string{"ab", "cd", "x", ""}
	bytes := []byte("some bytes")
	counts := map[string]int{"abcd": 1, "some": 2}
	total := 0
	fmt.Println(mallocs(func(i int) { total += counts[words[0]+words[i&1]] }))
	fmt.Println(mallocs(func(i int) {
		if string(bytes[:i&7]) == "some" {
			total++
		}
	}))
	fmt.Println(mallocs(func(i int) {
		b := []byte(words[i&3])
		for j := range b {
			b[j]++
			total += int(b[j])
		}
	}))
	fmt.Println(mallocs(func(i int) {
		r := []rune(words[i&1])
		r[0] = 'ä'
		total += len(r) + int(r[0])
	}))
	fmt.Println(mallocs(func(i int) { keptAny = i & 255 }))
	fmt.Println(mallocs(func(i int) { keptString = string(bytes[i%10 : i%10+1]) }))
	fmt.Println(mallocs(func(i int) { fmt.Fprintln(io.Discard, "a", i, 2.5) }))
	fmt.Println(mallocs(func(i int) { keptString = fmt.Sprintf("%d", i%100+100) }))
	fmt.Println(total)

	// The same sites, with what is kept.
	var all []string
	for i := range 4 {
		s := words[i] + words[0]
		if i%2 == 0 {
			all = append(all, s)
		}
	}
	fmt.Println(all)
	last := ""
	for i := range 3 {
		now := words[i] + "!"
		fmt.Print(last, now, " ")
		last = now
	}
	fmt.Println()
	for i := range 3 {
		s := words[i] + "-" + words[1]
		keptString = s + ""
	}
	fmt.Println(keptString)

	// Sizes that are known late.
	for _, n := range []int{0, 1, 7, 8, 9, 100} {
		few := make([]int, n)
		for i := range few {
			few[i] += i
		}
		more := make([]*int, n/2, n)
		for i := range more {
			if more[i] != nil {
				panic("not zeroed")
			}
			more[i] = &few[i]
		}
		for _, p := range more {
			*p += 100
		}
		fmt.Print(sum(few), len(more), cap(more), " ")
		if n == 7 {
			keptInts = append(keptInts, few...)
		}
	}
	fmt.Println(keptInts)
	bad := -1
	defer func() { fmt.Println(recover()) }()
	fmt.Println(len(make([]byte, bad)))
}
