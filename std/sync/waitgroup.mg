package sync

import "sync/atomic"

// A WaitGroup waits for a number of goroutines to finish.
type WaitGroup struct {
	state int64 // the counter above 32 bits of waiters
	wake  uint32
}

// Add adds delta, which may be negative, to the counter; at 0 all waiters go on. A negative counter panics.
func (wg *WaitGroup) Add(delta int) {
	state := atomic.AddInt64(&wg.state, int64(delta)<<32)
	counter, waiters := int32(state>>32), uint32(state)
	if counter < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if waiters != 0 && delta > 0 && counter == int32(delta) {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
	if counter > 0 || waiters == 0 {
		return
	}
	// Nobody may call Add or Wait while the counter is 0 and there are waiters.
	if !atomic.CompareAndSwapInt64(&wg.state, state, 0) {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
	for range waiters {
		semrelease(&wg.wake)
	}
}

// Done takes 1 off the counter.
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait waits until the counter is 0.
func (wg *WaitGroup) Wait() {
	for {
		state := atomic.LoadInt64(&wg.state)
		if state>>32 == 0 {
			return
		}
		if atomic.CompareAndSwapInt64(&wg.state, state, state+1) {
			semacquire(&wg.wake, waitWaitGroup, false)
			return
		}
	}
}

// Go calls f in a new goroutine that the group waits for.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	go func() {
		defer func() {
			// Done would let Wait return, and perhaps the program end, before the panic has ended it.
			if x := recover(); x != nil {
				panic(x)
			}
			wg.Done()
		}()
		f()
	}()
}
