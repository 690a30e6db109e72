// errorcheck
package main

// Generic functions and types of the library used wrongly.

import (
	"fmt"
	"runtime"
	"weak"
)

type T struct{ a, b int }

var g func(*int, func(int), int) runtime.Cleanup

func calls() {
	t := new(T)
	runtime.AddCleanup(t, func(int) {}, "x") // ERROR ":38: cannot use "x" (untyped string constant) as int value in argument to runtime.AddCleanup"
	runtime.AddCleanup(5, func(int) {}, 1) // ERROR ":20: in call to runtime.AddCleanup, cannot infer T (declared at "
	runtime.AddCleanup(t, func(s string) {}, 1) // ERROR ":43: cannot use 1 (untyped int constant) as string value in argument to runtime.AddCleanup"
	runtime.AddCleanup(t, func() {}, 1) // ERROR ":24: in call to runtime.AddCleanup, type func() of func() {} does not match func(S)"
	runtime.AddCleanup(t, func(int) {}) // ERROR ":24: not enough arguments in call to runtime.AddCleanup"
	runtime.AddCleanup(t, nil, 1)
	runtime.AddCleanup(nil, func(int) {}, 1) // ERROR ":20: in call to runtime.AddCleanup, cannot infer T (declared at "
	runtime.AddCleanup(t, func(int8) {}, 1000) // ERROR ":39: cannot use 1000 (untyped int constant) as int8 value in argument to runtime.AddCleanup (overflows)"
	runtime.AddCleanup(t, func(int) int { return 1 }, 1) // ERROR ":24: in call to runtime.AddCleanup, type func(int) int of func(int) int {…} does not match inferred type func(int) for func(S)"
	runtime.AddCleanup(t, func(T) {}, t) // ERROR ":36: in call to runtime.AddCleanup, type *T of t does not match inferred type T for S"
	runtime.AddCleanup[int](t, func(int) {}, 1) // ERROR ":26: cannot use t (variable of type *T) as *int value in argument to runtime.AddCleanup[int]"
	runtime.AddCleanup[T, int, int](t, func(int) {}, 1) // ERROR ":29: got 3 type arguments but want 2"
	_ = weak.Make(nil) // ERROR ":15: in call to weak.Make, cannot infer T (declared at "
	_ = weak.Make(*t) // ERROR ":16: in call to weak.Make, type T of *t does not match *T (cannot infer T)"
	_ = weak.Make() // ERROR ":6: not enough arguments in call to weak.Make"
	_ = weak.Make(t, t) // ERROR ":19: too many arguments in call to weak.Make"
	weak.Make[T](new(int)) // ERROR ":15: cannot use new(int) (value of type *int) as *T value in argument to weak.Make[T]"
	weak.Make[undefined](nil) // ERROR ":12: undefined: undefined"
}

func values() {
	f := runtime.AddCleanup // ERROR ":7: cannot use generic function runtime.AddCleanup without instantiation"
	h := runtime.AddCleanup[T] // ERROR ":25: cannot infer S (declared at "
	weak.Make // ERROR ":2: cannot use generic function weak.Make without instantiation"
	weak.Make[T] // ERROR ":2: weak.Make[T] (value of type func(ptr *T) weak.Pointer[T]) is not used"
	weak.Pointer // ERROR ":2: cannot use generic type weak.Pointer without instantiation"
	weak.Pointer[T] // ERROR ":2: weak.Pointer[T] (type) is not an expression"
	fmt.Println(weak.Make) // ERROR ":13: in call to fmt.Println, cannot infer T (declared at "
	var first func(*T) weak.Pointer[T] = weak.Make
	var second func(*T) weak.Pointer[int] = weak.Make // ERROR ":46: inferred type func(ptr *T) weak.Pointer[T] for func(ptr *T) weak.Pointer[T] does not match type func(*T) weak.Pointer[int] of second"
	var third func(T) weak.Pointer[int] = weak.Make // ERROR ":44: type func(T) weak.Pointer[int] of third does not match func(ptr *T) weak.Pointer[T] (cannot infer T)"
	g = runtime.AddCleanup
	_, _, _, _, _ = f, h, first, second, third
}

func types(t *T) {
	var p weak.Pointer // ERROR ":8: cannot use generic type weak.Pointer[T any] without instantiation"
	var q weak.Pointer[T, T] // ERROR ":12: too many type arguments for type Pointer: have 2, want 1"
	var r weak.Pointer[undefined] // ERROR ":21: undefined: undefined"
	var s weak.Pointer[int] = weak.Make(t) // ERROR ":28: cannot use weak.Make(t) (value of struct type weak.Pointer[T]) as weak.Pointer[int] value in variable declaration"
	_ = weak.Pointer[T](weak.Make(new(int))) // ERROR ":22: cannot convert weak.Make(new(int)) (value of struct type weak.Pointer[int]) to type weak.Pointer[T]"
	_ = weak.Make(t) == weak.Make(new(int)) // ERROR ":22: invalid operation: weak.Make(t) == weak.Make(new(int)) (mismatched types weak.Pointer[T] and weak.Pointer[int])"
	_ = weak.Pointer[T]{u: nil} // ERROR ":22: cannot refer to unexported field u in struct literal of type weak.Pointer[T]"
	weak.Make(t).Foo() // ERROR ":15: weak.Make(t).Foo undefined (type weak.Pointer[T] has no field or method Foo)"
	weak.Make(t).u = nil // ERROR ":15: weak.Make(t).u undefined (cannot refer to unexported field u)"
	_ = weak.Make(t).Value().c // ERROR ":27: weak.Make(t).Value().c undefined (type *T has no field or method c)"
	var i int = weak.Make(t) // ERROR ":14: cannot use weak.Make(t) (value of struct type weak.Pointer[T]) as int value in variable declaration"
	var b []byte
	var bytes int = weak.Make(&b[0]) // ERROR ":18: cannot use weak.Make(&b[0]) (value of struct type weak.Pointer[byte]) as int value in variable declaration"
	_ = T[int]{} // ERROR ":6: invalid operation: T[int] (T is not a generic type)"
	_ = t[int] // ERROR ":7: cannot index t (variable of type *T)"
	_, _, _, _, _, _ = p, q, r, s, i, bytes
}

func main() {}
