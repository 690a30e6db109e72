// run

// Pointers change places all the time, so a marker that runs beside this and is not told what was overwritten misses some: the
// object that held one has been looked at when it arrives there.

package main

import (
	"fmt"
	"runtime"
)

type leaf struct{ number int }

type box struct {
	content *leaf
	_       [6]int
}

func main() {
	const count = 2000
	boxes := make([]*box, count)
	for i := range boxes {
		boxes[i] = &box{content: &leaf{i}}
	}
	random := uint32(1)
	for range 300 {
		for range count {
			random = random*1664525 + 1013904223
			a, b := boxes[random>>8%count], boxes[random>>18%count]
			a.content, b.content = b.content, a.content
		}
		// Something to collect, and to begin collections with.
		for i := range 5 {
			boxes[i].content = &leaf{boxes[i].content.number}
		}
		runtime.Gosched()
	}
	sum, seen := 0, make([]bool, count)
	for _, b := range boxes {
		sum += b.content.number
		seen[b.content.number] = true
	}
	for number, is := range seen {
		if !is {
			fmt.Println("lost", number)
		}
	}
	fmt.Println(sum)
}
