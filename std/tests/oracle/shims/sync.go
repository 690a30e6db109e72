package sync

import (
	"sync"
	"sync/atomic"
)

// One condition for all addresses: slow, but right.
var (
	lock    sync.Mutex
	changed = sync.NewCond(&lock)
)

func semacquire(addr *uint32, reason int, first bool) {
	lock.Lock()
	for atomic.LoadUint32(addr) == 0 {
		changed.Wait()
	}
	atomic.AddUint32(addr, ^uint32(0))
	lock.Unlock()
}

func semrelease(addr *uint32) {
	lock.Lock()
	atomic.AddUint32(addr, 1)
	changed.Broadcast()
	lock.Unlock()
}

func fatal(message string) { panic("fatal error: " + message) }
