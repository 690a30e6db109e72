package atomic

import "internal/reflectlite"

// A Value holds a value of one type, nil at first. It must not be copied after first use.
type Value struct {
	lock uint32 // 1 while a method reads or writes v: an interface is two words
	v    any
}

func (v *Value) acquire() {
	for !CompareAndSwapUint32(&v.lock, 0, 1) {
		yield()
	}
}

func (v *Value) release() { StoreUint32(&v.lock, 0) }

// Load returns the value of the last Store, nil if there was none.
func (v *Value) Load() (val any) {
	v.acquire()
	val = v.v
	v.release()
	return val
}

// Store sets the value. It panics if val is nil or of another type than the values before.
func (v *Value) Store(val any) {
	if val == nil {
		panic("sync/atomic: store of nil value into Value")
	}
	v.acquire()
	if v.v != nil && !reflectlite.SameType(v.v, val) {
		v.release()
		panic("sync/atomic: store of inconsistently typed value into Value")
	}
	v.v = val
	v.release()
}

// Swap sets the value and returns the one before, nil if there was none.
func (v *Value) Swap(new any) (old any) {
	if new == nil {
		panic("sync/atomic: swap of nil value into Value")
	}
	v.acquire()
	old = v.v
	if old != nil && !reflectlite.SameType(old, new) {
		v.release()
		panic("sync/atomic: swap of inconsistently typed value into Value")
	}
	v.v = new
	v.release()
	return old
}

// CompareAndSwap sets the value to new if it is old, and reports whether it was.
func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	if new == nil {
		panic("sync/atomic: compare and swap of nil value into Value")
	}
	if old != nil && !reflectlite.SameType(old, new) {
		panic("sync/atomic: compare and swap of inconsistently typed values")
	}
	// Comparing can panic: on a copy, without the lock, and then only if the value is still that one's.
	current := v.Load()
	if current != nil && !reflectlite.SameType(current, new) {
		panic("sync/atomic: compare and swap of inconsistently typed value into Value")
	}
	if current != old {
		return false
	}
	v.acquire()
	swapped = v.v == old
	if swapped {
		v.v = new
	}
	v.release()
	return swapped
}
