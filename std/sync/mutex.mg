// Package sync has locks and other ways for goroutines to wait for each other. Its values must not be copied after first use.
package sync

import "sync/atomic"

// A Locker can be locked and unlocked.
type Locker interface {
	Lock()
	Unlock()
}

// A Mutex is a mutual exclusion lock, unlocked at first.
//
// Normally, Unlock wakes a waiter but leaves the lock free for whoever comes first: a goroutine that is running need not
// wait for one that must be scheduled. A waiter that loses this race goes back to the front of its queue. One that has waited
// for a millisecond starves: it waits on handoff instead, where Unlock passes the lock on to it without freeing it.
type Mutex struct {
	state   int64 // bit 0 locked, then 31 bits of waiters on handoff, then those on wakeup
	wakeup  uint32
	handoff uint32
}

const (
	mutexLocked  = 1
	mutexHandoff = 1 << 1
	mutexWaiter  = 1 << 32
)

// starvation is how many nanoseconds a goroutine waits for a lock before it must be given it.
const starvation = 1e6

// Lock waits until the lock is free, and takes it.
func (m *Mutex) Lock() {
	if !atomic.CompareAndSwapInt64(&m.state, 0, mutexLocked) {
		m.lockSlow(waitMutex)
	}
}

// TryLock takes the lock if it is free, and reports whether it was.
func (m *Mutex) TryLock() bool {
	old := atomic.LoadInt64(&m.state)
	return old&mutexLocked == 0 && atomic.CompareAndSwapInt64(&m.state, old, old|mutexLocked)
}

func (m *Mutex) lockSlow(reason int) {
	began, starves := int64(0), false
	for {
		old := atomic.LoadInt64(&m.state)
		switch {
		case old&mutexLocked == 0:
			if atomic.CompareAndSwapInt64(&m.state, old, old|mutexLocked) {
				return
			}
		case starves:
			if atomic.CompareAndSwapInt64(&m.state, old, old+mutexHandoff) {
				semacquire(&m.handoff, reason, false)
				return
			}
		default:
			if atomic.CompareAndSwapInt64(&m.state, old, old+mutexWaiter) {
				lost := began != 0
				if !lost {
					began = nanotime()
				}
				semacquire(&m.wakeup, reason, lost)
				starves = nanotime()-began > starvation
			}
		}
	}
}

// Unlock frees the lock. It is a fatal error if it is not locked; whoever locked it does not matter.
func (m *Mutex) Unlock() {
	if !atomic.CompareAndSwapInt64(&m.state, mutexLocked, 0) {
		m.unlockSlow()
	}
}

func (m *Mutex) unlockSlow() {
	for {
		old := atomic.LoadInt64(&m.state)
		if old&mutexLocked == 0 {
			fatal("sync: unlock of unlocked mutex")
		}
		switch {
		case old&(mutexWaiter-1) >= mutexHandoff:
			if atomic.CompareAndSwapInt64(&m.state, old, old-mutexHandoff) {
				semrelease(&m.handoff)
				return
			}
		case old >= mutexWaiter:
			if atomic.CompareAndSwapInt64(&m.state, old, old-mutexWaiter-mutexLocked) {
				semrelease(&m.wakeup)
				return
			}
		default:
			if atomic.CompareAndSwapInt64(&m.state, old, 0) {
				return
			}
		}
	}
}
