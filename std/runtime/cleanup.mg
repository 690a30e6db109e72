package runtime

// Cleanup names a call that AddCleanup has arranged.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

// AddCleanup has cleanup called with arg, some time after what ptr points to is no longer reachable. Calls that make no sense,
// as far as that is seen, panic.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	// The nil pointer tells what type arg has; an interface keeps that to itself.
	switch checkCleanup(ptr, cleanup, (*S)(nil), arg) {
	case 1:
		return Cleanup{} // it lives as long as the program
	case 2:
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	case 3:
		panic("runtime.AddCleanup: ptr is within arg, cleanup will never run")
	case 4:
		panic("runtime.AddCleanup: cleanup function closes over ptr, cleanup will never run")
	}
	id, address := addCleanup(ptr, func() { cleanup(arg) }, runFinalizers)
	return Cleanup{id, address}
}

// Stop takes the call back, if it was not made, or is not about to be.
func (c Cleanup) Stop() {
	if c.id != 0 {
		stopCleanup(c.ptr, c.id)
	}
}

func checkCleanup[T, S any](ptr *T, cleanup func(S), parameter any, arg any) int

func addCleanup[T any](ptr *T, cleanup func(), run func()) (id uint64, address uintptr)

func stopCleanup(address uintptr, id uint64)
