package slices

// Insert puts v into s before s[i]; it panics if i is out of range.
func Insert[S ~[]E, E any](s S, i int, v ...E) S {
	_ = s[i:]
	n, m := len(s), len(v)
	switch {
	case m == 0:
		return s
	case i == n:
		return append(s, v...)
	case n+m > cap(s):
		// Room for all of it at once; what is behind i is overwritten.
		longer := append(s[:i], make(S, n+m-i)...)
		copy(longer[i:], v)
		copy(longer[i+m:], s[i:])
		return longer
	case m == 1:
		value := v[0] // may be an element of s
		s = s[:n+1]
		copy(s[i+1:], s[i:])
		s[i] = value
		return s
	}
	// v may be part of s: so it is copied while s is still as it was.
	s = append(s, v...)
	rotate(s[i:], n-i)
	return s
}

// rotate brings s[k:] before s[:k].
func rotate[E any](s []E, k int) {
	Reverse(s[:k])
	Reverse(s[k:])
	Reverse(s)
}

// Delete takes s[i:j] out of s and zeroes what is no longer needed; it panics if there is no s[i:j].
func Delete[S ~[]E, E any](s S, i, j int) S {
	_ = s[i:j:len(s)]
	if i == j {
		return s
	}
	before := len(s)
	s = append(s[:i], s[j:]...)
	clear(s[len(s):before])
	return s
}

// DeleteFunc takes the elements out of s for which del is true, and zeroes what is no longer needed.
func DeleteFunc[S ~[]E, E any](s S, del func(E) bool) S {
	kept := IndexFunc(s, del)
	if kept == -1 {
		return s
	}
	for _, v := range s[kept+1:] {
		if !del(v) {
			s[kept] = v
			kept++
		}
	}
	clear(s[kept:])
	return s[:kept]
}

// Replace puts v in the place of s[i:j] and zeroes what is no longer needed; it panics if there is no s[i:j].
func Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	if i == j {
		return Insert(s, i, v...)
	}
	before, total := len(s), len(s)-(j-i)+len(v)
	if j == before {
		replaced := append(s[:i], v...)
		if len(replaced) < before {
			clear(s[len(replaced):])
		}
		return replaced
	}
	if total > cap(s) {
		longer := append(s[:i], make(S, total-i)...)
		copy(longer[i:], v)
		copy(longer[i+len(v):], s[j:])
		return longer
	}
	replacement := append([]E(nil), v...) // v may be part of s
	rest := s[j:before]
	s = s[:total]
	copy(s[i+len(v):], rest)
	copy(s[i:], replacement)
	if total < before {
		clear(s[total:before])
	}
	return s
}

// Clone copies s, not what its elements refer to. The copy of nil is nil.
func Clone[S ~[]E, E any](s S) S {
	if s == nil {
		return nil
	}
	return append(S{}, s...)
}

// Compact leaves one of each run of equal elements, and zeroes what is no longer needed.
func Compact[S ~[]E, E comparable](s S) S {
	return CompactFunc(s, func(x, y E) bool { return x == y })
}

// CompactFunc leaves the first of each run of elements that eq takes for equal, and zeroes what is no longer needed.
func CompactFunc[S ~[]E, E any](s S, eq func(E, E) bool) S {
	if len(s) < 2 {
		return s
	}
	kept := 1
	for i := 1; i < len(s); i++ {
		if !eq(s[i], s[i-1]) {
			if kept != i {
				s[kept] = s[i]
			}
			kept++
		}
	}
	clear(s[kept:])
	return s[:kept]
}

// Grow makes room for n more elements; it panics if n is negative.
func Grow[S ~[]E, E any](s S, n int) S {
	if n < 0 {
		panic("cannot be negative")
	}
	if n -= cap(s) - len(s); n > 0 {
		s = append(s[:cap(s)], make([]E, n)...)[:len(s)]
	}
	return s
}

// Clip takes the unused room away from s.
func Clip[S ~[]E, E any](s S) S { return s[:len(s):len(s)] }

// Reverse turns the order of s's elements round.
func Reverse[S ~[]E, E any](s S) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// Concat is a new slice with the elements of all of slices.
func Concat[S ~[]E, E any](slices ...S) S {
	total := 0
	for _, s := range slices {
		total += len(s)
		if total < 0 {
			panic("len out of range")
		}
	}
	all := Grow[S](nil, total)
	for _, s := range slices {
		all = append(all, s...)
	}
	return all
}

// Repeat is a new slice with the elements of x count times; it panics if count is negative or there are too many.
func Repeat[S ~[]E, E any](x S, count int) S {
	if count < 0 {
		panic("cannot be negative")
	}
	if productOverflows(len(x), count) {
		panic("the result of (len(x) * count) overflows")
	}
	repeated := make(S, len(x)*count)
	for n := copy(repeated, x); n < len(repeated); n *= 2 {
		copy(repeated[n:], repeated[:n])
	}
	return repeated
}
