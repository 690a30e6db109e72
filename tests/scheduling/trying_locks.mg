// parallel
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	fmt.Println(mu.TryLock(), mu.TryLock())
	mu.Unlock()
	var rw sync.RWMutex
	fmt.Println(rw.TryRLock(), rw.TryLock(), rw.TryRLock())
	rw.RUnlock()
	rw.RUnlock()
	fmt.Println(rw.TryLock(), rw.TryRLock(), rw.TryLock())
	rw.Unlock()
	rw.RLocker().Lock()
	rw.RLocker().Unlock()
	var m sync.Map
	m.Store(1, "a")
	fmt.Println(m.LoadOrStore(1, "b"))
	fmt.Println(m.LoadOrStore(2, "b"))
	fmt.Println(m.LoadAndDelete(1))
	fmt.Println(m.CompareAndSwap(2, "b", "c"), m.CompareAndDelete(2, "b"))
	fmt.Println(m.Swap(2, "d"))
	m.Range(func(k, v any) bool { fmt.Println(k, v); return true })
	m.Clear()
	fmt.Println(m.Load(2))
}
