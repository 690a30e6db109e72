// parallel
package main

// Cleanups and weak pointers while the collector works: what dies, what is told of it, and in which order with finalizers.

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"weak"
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

// A log of what was called.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	l.lines = append(l.lines, line)
	l.mu.Unlock()
}

func (l *log) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

func (l *log) sorted() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	sort.Strings(l.lines)
	return strings.Join(l.lines, ", ")
}

type wide struct {
	words [40]int
	name  string
}

// Arguments of all kinds, several cleanups of one object, of parts of one, and of one that is reachable from another.
func kinds() {
	var l log
	far(func() {
		n := &node{name: "n", next: &node{name: "next"}, more: []int{1, 2, 3}}
		runtime.AddCleanup(n, l.add, "string")
		runtime.AddCleanup(n, func(x int) { l.add(fmt.Sprint("int ", x)) }, 1<<40)
		runtime.AddCleanup(n, func(x uint8) { l.add(fmt.Sprint("uint8 ", x)) }, 200)
		runtime.AddCleanup(n, func(x float64) { l.add(fmt.Sprint("float64 ", x)) }, 1)
		runtime.AddCleanup(n, func(x []int) { l.add(fmt.Sprint("slice ", x)) }, n.more)
		runtime.AddCleanup(n, func(x map[string]int) { l.add(fmt.Sprint("map ", x)) }, map[string]int{"a": 1})
		runtime.AddCleanup(n, func(x any) { l.add(fmt.Sprint("any ", x)) }, any([2]string{"b", "c"}))
		runtime.AddCleanup(n, func(x error) { l.add(fmt.Sprint("error ", x)) }, fmt.Errorf("e%d", 1))
		runtime.AddCleanup(n, func(x *node) { l.add("pointer " + x.name) }, &node{name: "other"})
		runtime.AddCleanup(n, func(x wide) { l.add("wide " + x.name + fmt.Sprint(x.words[39])) }, wide{name: "w", words: [40]int{39: 7}})
		runtime.AddCleanup(n, func(x func() string) { l.add(x()) }, func() string { return "func" })
		runtime.AddCleanup(n, func(struct{}) { l.add("nothing") }, struct{}{})
		runtime.AddCleanup(&n.more, l.add, "a field")
		runtime.AddCleanup(&n.next, l.add, "another field")
		runtime.AddCleanup(n.next, l.add, "behind")
		large := make([]*node, 100_000)
		runtime.AddCleanup(&large[0], l.add, "large")
		runtime.AddCleanup(&large[99_999], l.add, "end of large")
		runtime.AddCleanup(new([3]int64), l.add, "no pointers")
	})
	until("all kinds", func() bool { return l.len() == 18 })
	fmt.Println(l.sorted())
}

func stopped() {
	var l log
	far(func() {
		n := &node{name: "n"}
		first := runtime.AddCleanup(n, l.add, "first")
		second := runtime.AddCleanup(n, l.add, "second")
		third := runtime.AddCleanup(&n.name, l.add, "third")
		first.Stop()
		third.Stop()
		third.Stop()
		fmt.Println(first == second, second != third)
		runtime.KeepAlive(n)
	})
	until("one of three", func() bool { return l.len() > 0 })
	var late runtime.Cleanup
	far(func() { late = runtime.AddCleanup(&node{}, l.add, "late") })
	until("the late one", func() bool { return l.len() > 1 })
	late.Stop()
	runtime.GC()
	fmt.Println(l.sorted())
}

// What a cleanup's function and argument hold is alive until it was called, and no longer.
func holds() {
	var l log
	far(func() {
		held := &node{name: "held", next: &node{name: "deep"}}
		runtime.AddCleanup(held, l.add, "held died")
		runtime.AddCleanup(&node{}, func(n *node) { l.add(n.name + " " + n.next.name) }, held)
	})
	until("the one that holds", func() bool { return l.len() >= 1 })
	until("what it held", func() bool { return l.len() == 2 })
	fmt.Println(l.lines)
}

func weakPointers() {
	var x, y, other, inside weak.Pointer[node]
	var part weak.Pointer[string]
	var kept *node
	far(func() {
		n := &node{name: "n"}
		x, y, part = weak.Make(n), weak.Make(n), weak.Make(&n.name)
		other = weak.Make(&node{name: "other"})
		array := &[4]node{}
		inside = weak.Make(&array[2])
		kept = n
	})
	until("the other dies", func() bool { return other.Value() == nil && inside.Value() == nil })
	fmt.Println(x.Value() == kept, *part.Value(), x == y, x == other)
	kept = nil
	until("it dies", func() bool { return x.Value() == nil })
	fmt.Println(y.Value() == nil, part.Value() == nil, x == y, x == other, x == weak.Pointer[node]{})
	m := map[weak.Pointer[node]]int{x: 1, other: 2}
	fmt.Println(m[y], m[other], len(m))
	var zero weak.Pointer[node]
	fmt.Println(zero.Value() == nil, x == zero)
}

var revived *node

// A weak pointer is nil before the finalizer is called, and stays so when that brings the object back.
func finalizers() {
	var l log
	var x weak.Pointer[node]
	far(func() {
		n := &node{name: "n", next: &node{name: "next"}}
		x = weak.Make(n)
		runtime.AddCleanup(n, l.add, "cleanup")
		runtime.SetFinalizer(n, func(n *node) {
			l.add(fmt.Sprint("finalizer ", n.next.name, x.Value() == nil))
			revived = n
		})
	})
	until("the finalizer", func() bool { return l.len() == 1 })
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	again := weak.Make(revived)
	fmt.Println(x.Value(), again.Value() == revived, x == again, l.len())
	revived = nil
	until("the cleanup", func() bool { return l.len() == 2 })
	fmt.Println(l.lines, again.Value())
}

// A cleanup may allocate, collect, add others and start goroutines.
func busy() {
	var l log
	done := make(chan string)
	far(func() {
		runtime.AddCleanup(&node{}, func(depth int) {
			runtime.GC()
			l.add(fmt.Sprint("depth ", depth))
			runtime.AddCleanup(&node{more: make([]int, 100)}, func(depth int) {
				l.add(fmt.Sprint("depth ", depth))
				go func() { done <- l.sorted() }()
			}, depth+1)
		}, 1)
	})
	until("both", func() bool { return l.len() == 2 })
	fmt.Println(<-done)
}

// A cache whose entries go when nobody holds what they stand for.
type cache struct {
	mu      sync.Mutex
	entries map[int]weak.Pointer[node]
	misses  atomic.Int64
}

func (c *cache) get(key int) *node {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.entries[key].Value(); n != nil {
		return n
	}
	c.misses.Add(1)
	n := &node{name: fmt.Sprint("node ", key), next: &node{more: []int{key}}}
	entry := weak.Make(n)
	c.entries[key] = entry
	runtime.AddCleanup(n, func(key int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.entries[key] == entry {
			delete(c.entries, key)
		}
	}, key)
	return n
}

func caches() {
	const workers, rounds, keys = 4, 2000, 50
	c := &cache{entries: map[int]weak.Pointer[node]{}}
	held := c.get(keys)
	var wait sync.WaitGroup
	var wrong atomic.Int64
	for worker := 0; worker < workers; worker++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := 0; i < rounds; i++ {
				key := (i*7 + worker) % keys
				n := c.get(key)
				if n.name != fmt.Sprint("node ", key) || n.next.more[0] != key || c.get(keys) != held {
					wrong.Add(1)
				}
				if i%500 == 0 {
					runtime.GC()
				}
			}
		}()
	}
	wait.Wait()
	until("the cache is empty", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.entries) == 1
	})
	fmt.Println(wrong.Load(), c.entries[keys].Value() == held, c.misses.Load() > keys)
	runtime.KeepAlive(held)
}

func main() {
	kinds()
	stopped()
	holds()
	weakPointers()
	finalizers()
	busy()
	caches()
}
