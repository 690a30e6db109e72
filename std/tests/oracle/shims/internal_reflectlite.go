package reflectlite

import (
	"reflect"
	"unsafe"
)

// open returns v's value, readable to the last field: a copy in memory of its own.
func open(v any) reflect.Value {
	value := reflect.New(reflect.TypeOf(v)).Elem()
	value.Set(reflect.ValueOf(v))
	return value
}

// box turns an addressable or exported value into an interface.
func box(v reflect.Value) any {
	if v.Kind() == reflect.Interface && v.IsNil() {
		return nil
	}
	if v.CanAddr() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	return v.Interface()
}

func Kind(v any) int {
	if v == nil {
		return 0
	}
	return int(reflect.TypeOf(v).Kind())
}

func TypeString(v any) string             { return reflect.TypeOf(v).String() }
func SameType(a, b any) bool              { return reflect.TypeOf(a) == reflect.TypeOf(b) }
func Comparable(v any) bool               { return v == nil || reflect.ValueOf(v).Comparable() }
func NumField(v any) int                  { return reflect.TypeOf(v).NumField() }
func FieldName(v any, i int) string       { return reflect.TypeOf(v).Field(i).Name }
func FieldTypeString(v any, i int) string { return reflect.TypeOf(v).Field(i).Type.String() }
func Field(v any, i int) any              { return box(open(v).Field(i)) }
func Len(v any) int                       { return reflect.ValueOf(v).Len() }
func Index(v any, i int) any              { return box(open(v).Index(i)) }
func ElemKind(v any) int                  { return int(reflect.TypeOf(v).Elem().Kind()) }
func ElemTypeString(v any) string         { return reflect.TypeOf(v).Elem().String() }
func KeyTypeString(v any) string          { return reflect.TypeOf(v).Key().String() }
func Bool(v any) bool                     { return reflect.ValueOf(v).Bool() }
func Int(v any) int64                     { return reflect.ValueOf(v).Int() }
func Uint(v any) uint64                   { return reflect.ValueOf(v).Uint() }
func Float(v any) float64                 { return reflect.ValueOf(v).Float() }
func String(v any) string                 { return reflect.ValueOf(v).String() }
func Bytes(v any) []byte                  { return open(v).Bytes() }
func PointerWord(v any) uintptr           { return uintptr(reflect.ValueOf(v).UnsafePointer()) }
func SetBool(target any, x bool)          { reflect.ValueOf(target).Elem().SetBool(x) }
func SetInt(target any, x int64)          { reflect.ValueOf(target).Elem().SetInt(x) }
func SetUint(target any, x uint64)        { reflect.ValueOf(target).Elem().SetUint(x) }
func SetFloat(target any, x float64)      { reflect.ValueOf(target).Elem().SetFloat(x) }
func SetString(target any, x string)      { reflect.ValueOf(target).Elem().SetString(x) }
func SetBytes(target any, x []byte)       { reflect.ValueOf(target).Elem().SetBytes(x) }
func Swap(slice any, i, j int)            { reflect.Swapper(slice)(i, j) }
func ComplexParts(v any) (re, im float64) { c := reflect.ValueOf(v).Complex(); return real(c), imag(c) }

func FieldFlags(v any, i int) int {
	field := reflect.TypeOf(v).Field(i)
	flags := 0
	if field.IsExported() {
		flags |= FieldExported
	}
	if field.Anonymous {
		flags |= FieldEmbedded
	}
	return flags
}

func MapEntries(v any) []any {
	var entries []any
	for it := reflect.ValueOf(v).MapRange(); it.Next(); {
		entries = append(entries, box(it.Key()), box(it.Value()))
	}
	return entries
}

func Elem(v any) any {
	value := reflect.ValueOf(v)
	if value.IsNil() {
		return nil
	}
	return box(value.Elem())
}

func IsNil(v any) bool {
	if v == nil {
		return true
	}
	switch value := reflect.ValueOf(v); value.Kind() {
	case reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.Slice, reflect.UnsafePointer:
		return value.IsNil()
	}
	return false
}

func Assign(target any, value any) bool {
	element := reflect.ValueOf(target).Elem()
	if element.Type() != reflect.TypeOf(value) &&
		(element.Kind() != reflect.Interface || !reflect.TypeOf(value).Implements(element.Type())) {
		return false
	}
	element.Set(reflect.ValueOf(value))
	return true
}
