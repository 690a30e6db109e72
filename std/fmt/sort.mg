package fmt

import "internal/reflectlite"

// sortEntries sorts a map's keys and values, which alternate, by the keys: a stable merge sort.
func sortEntries(entries []any) {
	if len(entries) < 4 {
		return
	}
	middle := len(entries) / 4 * 2
	low := append([]any(nil), entries[:middle]...)
	sortEntries(low)
	sortEntries(entries[middle:])
	i, j := 0, middle
	for k := 0; i < len(low); k += 2 {
		if j < len(entries) && compareKeys(entries[j], low[i]) < 0 {
			entries[k], entries[k+1] = entries[j], entries[j+1]
			j += 2
		} else {
			entries[k], entries[k+1] = low[i], low[i+1]
			i += 2
		}
	}
}

// compareKeys orders keys: nil first, then kinds in their order and types by name (only interface keys differ in these);
// numbers by size with NaN first, false before true, pointers and channels by address, structs and arrays by their elements.
func compareKeys(a, b any) int {
	kind := reflectlite.Kind(a)
	if !reflectlite.SameType(a, b) {
		if other := reflectlite.Kind(b); kind != other {
			return order(kind < other, kind > other)
		}
		x, y := reflectlite.TypeString(a), reflectlite.TypeString(b)
		return order(x < y, x > y)
	}
	switch kind {
	case reflectlite.Invalid:
		return 0
	case reflectlite.KindBool:
		x, y := reflectlite.Bool(a), reflectlite.Bool(b)
		return order(!x && y, x && !y)
	case reflectlite.KindInt, reflectlite.KindInt8, reflectlite.KindInt16, reflectlite.KindInt32, reflectlite.KindInt64:
		x, y := reflectlite.Int(a), reflectlite.Int(b)
		return order(x < y, x > y)
	case reflectlite.KindUint, reflectlite.KindUint8, reflectlite.KindUint16, reflectlite.KindUint32,
		reflectlite.KindUint64, reflectlite.KindUintptr:
		x, y := reflectlite.Uint(a), reflectlite.Uint(b)
		return order(x < y, x > y)
	case reflectlite.KindFloat32, reflectlite.KindFloat64:
		return compareFloats(reflectlite.Float(a), reflectlite.Float(b))
	case reflectlite.KindComplex64, reflectlite.KindComplex128:
		re, im := reflectlite.ComplexParts(a)
		otherRe, otherIm := reflectlite.ComplexParts(b)
		if c := compareFloats(re, otherRe); c != 0 {
			return c
		}
		return compareFloats(im, otherIm)
	case reflectlite.KindString:
		x, y := reflectlite.String(a), reflectlite.String(b)
		return order(x < y, x > y)
	case reflectlite.KindStruct:
		for i := range reflectlite.NumField(a) {
			if c := compareKeys(reflectlite.Field(a, i), reflectlite.Field(b, i)); c != 0 {
				return c
			}
		}
		return 0
	case reflectlite.KindArray:
		for i := range reflectlite.Len(a) {
			if c := compareKeys(reflectlite.Index(a, i), reflectlite.Index(b, i)); c != 0 {
				return c
			}
		}
		return 0
	}
	x, y := reflectlite.PointerWord(a), reflectlite.PointerWord(b)
	return order(x < y, x > y)
}

func order(less, greater bool) int {
	if less {
		return -1
	}
	if greater {
		return 1
	}
	return 0
}

func compareFloats(x, y float64) int {
	return order(x < y || x != x && y == y, x > y || x == x && y != y)
}
