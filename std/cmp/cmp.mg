// Package cmp compares values of ordered types.
package cmp

// Ordered are the types with the operators < <= >= >.
type Ordered interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64 | ~string
}

// Less reports whether x comes before y. NaN comes before every number.
func Less[T Ordered](x, y T) bool { return x < y || x != x && y == y }

// Compare returns -1 if x comes before y, +1 if it comes after y, and 0 if they are equal. NaN comes before every number and equals
// itself.
func Compare[T Ordered](x, y T) int {
	if x < y {
		return -1
	}
	if x > y {
		return +1
	}
	if x == y {
		return 0
	}
	// One of them is NaN, or both.
	if x == x {
		return +1
	}
	if y == y {
		return -1
	}
	return 0
}

// Or returns the first of vals that is not the zero value, or else the zero value.
func Or[T comparable](vals ...T) T {
	var zero T
	for _, val := range vals {
		if val != zero {
			return val
		}
	}
	return zero
}
