// How long the program stands while its heap is collected: with 100,000 goroutines that wait, or, asked for `spans`, with a
// heap of 1,000,000 spans. It should depend on neither. `minigo run -gcstats` shows each stop; this prints what Go tells, of each
// cycle all stops together.
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

type node struct {
	next *node
	data [4]int
}

var sink *node

// collect asks for some cycles while another goroutine allocates.
func collect() {
	var isDone atomic.Bool
	var group sync.WaitGroup
	group.Go(func() {
		for !isDone.Load() {
			for range 1000 {
				sink = &node{}
			}
		}
	})
	for range 20 {
		runtime.GC()
	}
	isDone.Store(true)
	group.Wait()
}

// goroutines lets n of them wait, each for a value it has a frame and an object for.
func goroutines(n int) {
	gate := make(chan int)
	var ready, done sync.WaitGroup
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			own := &node{data: [4]int{i}}
			ready.Done()
			<-gate
			if own.data[0] != i {
				panic("lost")
			}
		})
	}
	ready.Wait()
	collect()
	close(gate)
	done.Wait()
}

// spans keeps n objects, of which two are a span of MiniGo's and one is of Go's. They are not written, so they take little memory.
func spans(n int) {
	keep := make([][]byte, n)
	for i := range keep {
		keep[i] = make([]byte, 8<<10)
	}
	collect()
	runtime.KeepAlive(keep)
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "spans" {
		spans(2_000_000)
	} else {
		goroutines(100_000)
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	cycles := min(int(stats.NumGC), len(stats.PauseNs))
	pauses := stats.PauseNs[:cycles]
	slices.Sort(pauses)
	fmt.Println("cycles", stats.NumGC, "median", time.Duration(pauses[cycles/2]), "longest", time.Duration(pauses[cycles-1]))
}
