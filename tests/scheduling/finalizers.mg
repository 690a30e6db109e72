// parallel
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

type node struct {
	name string
	next *node
	more []int
}

// until collects until the condition holds, for some seconds at most.
func until(what string, holds func() bool) {
	for i := 0; i < 2000; i++ {
		if holds() {
			return
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	fmt.Println("never:", what)
}

// far calls f with frames between that end before anybody looks.
//
//go:noinline
func far(f func()) {
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	<-done
}

func chain() {
	var mu sync.Mutex
	var order []string
	far(func() {
		c := &node{name: "c", more: []int{3}}
		b := &node{name: "b", next: c, more: []int{2}}
		a := &node{name: "a", next: b, more: []int{1}}
		for _, n := range []*node{c, a, b} {
			runtime.SetFinalizer(n, func(n *node) {
				mu.Lock()
				defer mu.Unlock()
				text := n.name
				for m := n; m != nil; m = m.next {
					text += fmt.Sprint(m.more)
				}
				order = append(order, text)
			})
		}
	})
	until("a chain ends", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(order) == 3
	})
	fmt.Println(order)
}

var kept *node

func resurrected() {
	var calls atomic.Int32
	far(func() {
		n := &node{name: "kept", next: &node{name: "content"}}
		runtime.SetFinalizer(n, func(n *node) { kept = n; calls.Add(1) })
	})
	until("it is kept", func() bool { return calls.Load() == 1 })
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	fmt.Println(kept.name, kept.next.name, calls.Load())
	far(func() {
		runtime.SetFinalizer(kept, func(n *node) { calls.Add(10) })
		kept = nil
	})
	until("it is dropped", func() bool { return calls.Load() == 11 })
	fmt.Println(calls.Load())
}

func circle() {
	var calls atomic.Int32
	var beside atomic.Bool
	far(func() {
		a, b := &node{name: "a"}, &node{name: "b"}
		a.next, b.next = b, a
		runtime.SetFinalizer(a, func(*node) { calls.Add(1) })
		runtime.SetFinalizer(&node{name: "beside"}, func(*node) { beside.Store(true) })
	})
	until("the one beside", beside.Load)
	runtime.GC()
	fmt.Println("in a circle:", calls.Load())
}

func cleared() {
	var calls atomic.Int32
	var beside atomic.Bool
	far(func() {
		n := &node{name: "cleared"}
		runtime.SetFinalizer(n, func(*node) { calls.Add(1) })
		runtime.SetFinalizer(n, nil)
		runtime.SetFinalizer(n, nil)
		runtime.SetFinalizer(&node{name: "beside"}, func(*node) { beside.Store(true) })
	})
	until("the one beside", beside.Load)
	fmt.Println("cleared:", calls.Load())
}

type namer interface{ Name() string }

func (n *node) Name() string { return n.name }

type wide struct {
	words [40]int
	name  string
}

// Parameters and results of all kinds.
func kinds() {
	var mu sync.Mutex
	seen := map[string]int{}
	note := func(what string) {
		mu.Lock()
		seen[what]++
		mu.Unlock()
	}
	far(func() {
		runtime.SetFinalizer(&node{name: "any"}, func(x any) { note(x.(*node).name) })
		runtime.SetFinalizer(&node{name: "namer"}, func(x namer) { note(x.Name()) })
		runtime.SetFinalizer(&node{name: "results"}, func(n *node) (int, string, float64) {
			note(n.name)
			return 1, "two", 3
		})
		runtime.SetFinalizer(&node{name: "wide results"}, func(n *node) (w wide, err error) {
			w.name = n.name
			note(w.name)
			return w, nil
		})
		runtime.SetFinalizer(&node{name: "wide results of any"}, func(x any) (wide, [9]string) {
			note(x.(*node).name)
			return wide{}, [9]string{8: "last"}
		})
		runtime.SetFinalizer(&node{name: "many results"}, func(x namer) (a, b, c, d, e, f, g, h, i, j int) {
			note(x.Name())
			return 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
		})
		runtime.SetFinalizer(&wide{name: "wide"}, func(w *wide) { note(w.name) })
		large := make([]*node, 100_000)
		large[99_999] = &node{name: "large"}
		runtime.SetFinalizer(&large[0], func(p **node) { note("large") })
		pair := &[2]int64{1, 2}
		runtime.SetFinalizer(&pair[1], func(p *int64) {
			if *p == 2 {
				note("inside")
			}
		})
		runtime.SetFinalizer(&node{name: "method"}, (*node).Name)
	})
	names := []string{
		"any", "namer", "results", "wide results", "wide results of any", "many results", "wide", "large", "inside",
	}
	until("all kinds", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) == len(names)
	})
	mu.Lock()
	defer mu.Unlock()
	for _, name := range names {
		fmt.Println(name, seen[name])
	}
}

// Objects of several goroutines die while others are made.
func many() {
	const makers, each = 4, 1000
	var calls atomic.Int64
	var makersDone sync.WaitGroup
	for i := 0; i < makers; i++ {
		makersDone.Add(1)
		go func() {
			defer makersDone.Done()
			for j := 0; j < each; j++ {
				n := &node{next: &node{name: "x"}}
				runtime.SetFinalizer(n, func(n *node) {
					if n.next.name == "x" {
						calls.Add(1)
					}
				})
			}
		}()
	}
	makersDone.Wait()
	until("nearly all of many", func() bool { return calls.Load() > makers*each*98/100 })
	fmt.Println(calls.Load() <= makers*each)
}

func keptAlive() {
	var calls atomic.Int32
	n := &node{name: "alive"}
	runtime.SetFinalizer(n, func(*node) { calls.Add(1) })
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	fmt.Println("alive:", calls.Load())
	runtime.KeepAlive(n)
}

func main() {
	chain()
	resurrected()
	circle()
	cleared()
	kinds()
	many()
	keptAlive()
	// The goroutine that called them is no longer.
	until("alone", func() bool { return runtime.NumGoroutine() == 1 })
}
