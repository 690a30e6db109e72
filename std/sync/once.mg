package sync

import "sync/atomic"

// A Once calls one function, once.
type Once struct {
	done uint32
	lock Mutex
}

// Do calls f if this is the first call of Do, and returns when the first call has returned, even if by a panic.
func (o *Once) Do(f func()) {
	if atomic.LoadUint32(&o.done) == 0 {
		o.doSlow(f)
	}
}

func (o *Once) doSlow(f func()) {
	o.lock.Lock()
	defer o.lock.Unlock()
	if o.done == 0 {
		defer atomic.StoreUint32(&o.done, 1)
		f()
	}
}

// OnceFunc returns a function that calls f the first time. If f panics, every call panics with the same value.
func OnceFunc(f func()) func() {
	var once Once
	returned := false
	var reason any
	call := func() {
		defer func() {
			f = nil
			if !returned {
				reason = recover()
				panic(reason)
			}
		}()
		f()
		returned = true
	}
	return func() {
		once.Do(call)
		if !returned {
			panic(reason)
		}
	}
}
