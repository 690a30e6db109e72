// Package reflectlite looks into values of any type: what fmt, errors and sort need, over natives.
//
// There are no type objects: a type is seen through a value of it. Kinds are numbered as in Go's reflect.
package reflectlite

// Kinds, as Kind returns them.
const (
	Invalid = iota
	KindBool
	KindInt
	KindInt8
	KindInt16
	KindInt32
	KindInt64
	KindUint
	KindUint8
	KindUint16
	KindUint32
	KindUint64
	KindUintptr
	KindFloat32
	KindFloat64
	KindComplex64
	KindComplex128
	KindArray
	KindChan
	KindFunc
	KindInterface
	KindMap
	KindPointer
	KindSlice
	KindString
	KindStruct
	KindUnsafePointer
)

// Bits of FieldFlags.
const (
	FieldExported = 1
	FieldEmbedded = 2
)

// BitSize returns the width of a numeric kind in bits, 0 for other kinds.
func BitSize(kind int) int {
	switch kind {
	case KindInt8, KindUint8:
		return 8
	case KindInt16, KindUint16:
		return 16
	case KindInt32, KindUint32, KindFloat32:
		return 32
	case KindInt, KindInt64, KindUint, KindUint64, KindUintptr, KindFloat64, KindComplex64:
		return 64
	case KindComplex128:
		return 128
	}
	return 0
}

// Kind: kind of v, 0 for nil.
func Kind(v any) int

// TypeString: type string of v's dynamic type; v is not nil.
func TypeString(v any) string

// SameType: identical dynamic types (two nils are the same).
func SameType(a, b any) bool

// Comparable: `v == v` cannot panic: the dynamic type is comparable and so, at any depth, is what its interfaces hold; true for nil.
func Comparable(v any) bool

// NumField: Struct: number of fields.
func NumField(v any) int

// FieldName: Struct: name of field i (`_` included; an embedded field's type name).
func FieldName(v any, i int) string

// FieldFlags: Struct: bit 0 exported, bit 1 embedded.
func FieldFlags(v any, i int) int

// FieldTypeString: Struct: type string of field i's static type.
func FieldTypeString(v any, i int) string

// Field: Struct: field i boxed.
func Field(v any, i int) any

// Len: Array, Slice, String, Map, Chan: length.
func Len(v any) int

// Index: Array, Slice, String: element i boxed (of a string a `uint8`); the caller has checked i.
func Index(v any, i int) any

// ElemKind: Array, Slice, Map, Chan, Pointer: kind of the static element type.
func ElemKind(v any) int

// ElemTypeString: Array, Slice, Map, Chan, Pointer: type string of the static element type.
func ElemTypeString(v any) string

// KeyTypeString: Map: type string of the static key type.
func KeyTypeString(v any) string

// MapEntries: Map: key, value, key, value ... boxed, in any order, entries with NaN keys included; nil map gives nil.
func MapEntries(v any) []any

// Elem: Pointer: the pointed-to value boxed; nil for a nil pointer.
func Elem(v any) any

// Zero: the zero value of v's type; of a pointer, one to a new zero value. nil for nil.
func Zero(v any) any

// PointerWord: Chan, Func, Map, Pointer, UnsafePointer: the word (a func: its code address); Slice: address of element 0.
func PointerWord(v any) uintptr

// IsNil: Chan, Func, Map, Pointer, Slice, UnsafePointer: is nil; other kinds: false; nil: true.
func IsNil(v any) bool

// Bool: Bool: the value.
func Bool(v any) bool

// Int: Int to Int64: the value.
func Int(v any) int64

// Uint: Uint to Uintptr: the value.
func Uint(v any) uint64

// Float: Float32, Float64: the value.
func Float(v any) float64

// ComplexParts: Complex64, Complex128: the parts.
func ComplexParts(v any) (re, im float64)

// String: String: the value.
func String(v any) string

// Bytes: Slice or Array with elements of kind Uint8: the slice itself (a copy for an array).
func Bytes(v any) []byte

// SetBool: target: non-nil Pointer to kind Bool: stores x.
func SetBool(target any, x bool)

// SetInt: Pointer to Int to Int64: stores x truncated to the width.
func SetInt(target any, x int64)

// SetUint: Pointer to Uint to Uintptr: stores x truncated.
func SetUint(target any, x uint64)

// SetFloat: Pointer to Float32 or Float64: stores x converted.
func SetFloat(target any, x float64)

// SetString: Pointer to kind String: stores x.
func SetString(target any, x string)

// SetBytes: Pointer to a slice of kind Uint8: stores x.
func SetBytes(target any, x []byte)

// Assign: target: non-nil Pointer to T. If T is an interface type that value's dynamic type implements, or T is value's dynamic type: `*target = value`, true. Otherwise nothing, false.
func Assign(target any, value any) bool

// Swap: Slice: swaps two elements; panics like `slice[i]` if i or j is out of range.
func Swap(slice any, i, j int)
