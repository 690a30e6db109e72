package sync

// OnceValue returns a function that calls f the first time and always returns what that returned. If f panics, every call panics
// with the same value.
func OnceValue[T any](f func() T) func() T {
	var result T
	call := OnceFunc(func() { result = f() })
	return func() T {
		call()
		return result
	}
}

// OnceValues is OnceValue for a function of two results.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var first T1
	var second T2
	call := OnceFunc(func() { first, second = f() })
	return func() (T1, T2) {
		call()
		return first, second
	}
}
