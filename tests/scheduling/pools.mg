// parallel
// What a Pool holds goes over two collections; until then nothing in it is lost but by a collection, or handed out twice.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type item struct{ inUse atomic.Bool }

func main() {
	kept := sync.Pool{New: func() any { return "new" }}
	for range 100 {
		kept.Put("old")
	}
	runtime.GC()
	runtime.GC()
	fmt.Println(kept.Get())
	kept.New = nil
	fmt.Println(kept.Get())
	kept.Put(nil)
	fmt.Println(kept.Get())

	shared := sync.Pool{New: func() any { return new(item) }}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 500 {
				a, b := shared.Get().(*item), shared.Get().(*item)
				if !a.inUse.CompareAndSwap(false, true) || !b.inUse.CompareAndSwap(false, true) {
					panic("handed out twice")
				}
				runtime.Gosched()
				a.inUse.Store(false)
				b.inUse.Store(false)
				shared.Put(a)
				shared.Put(b)
			}
		})
	}
	group.Wait()
	defer func() { fmt.Println(recover()) }()
	var none *sync.Pool
	none.Get()
}
