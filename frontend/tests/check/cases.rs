//! The cases, by family; the texts are gc's.

use super::expect;

#[test]
fn constants() {
    expect(
        r#"const c = 300
var b byte = c"#,
        r#"3:14: cannot use c (untyped int constant 300) as byte value in variable declaration (overflows)
"#,
    );
    expect(
        r#"var b = byte(300)"#,
        r#"2:14: constant 300 overflows byte
"#,
    );
    expect(
        r#"var x int8 = -129"#,
        r#"2:14: cannot use -129 (untyped int constant) as int8 value in variable declaration (overflows)
"#,
    );
    expect(
        r#"const c = 1 << 600"#,
        r#"2:13: constant shift overflow
"#,
    );
    expect(
        r#"const c = 10 / 0"#,
        r#"2:16: invalid operation: division by zero
"#,
    );
    expect(
        r#"var f float32 = 1e40"#,
        r#"2:17: cannot use 1e40 (untyped float constant 1e+40) as float32 value in variable declaration (overflows)
"#,
    );
    expect(
        r#"var i int = 1.5"#,
        r#"2:13: cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)
"#,
    );
    expect(
        r#"const a, b = iota, "s"
var x int = b"#,
        r#"3:13: cannot use b (untyped string constant "s") as int value in variable declaration
"#,
    );
    expect(
        r#"const big = 1 << 100
var x = big"#,
        r#"3:9: cannot use big (untyped int constant 1267650600228229401496703205376) as int value in variable declaration (overflows)
"#,
    );
    expect(
        r#"var x uint = -1"#,
        r#"2:14: cannot use -1 (untyped int constant) as uint value in variable declaration (overflows)
"#,
    );
    expect(
        r#"const c = len("abc")
var a [c]int = [4]int{}"#,
        r#"3:16: cannot use [4]int{} (value of type [4]int) as [3]int value in variable declaration
"#,
    );
    expect(
        r#"var x = 1 << 1000 << 1000"#,
        r#"2:11: constant shift overflow
"#,
    );
    expect(
        r#"var s = "a" + 1"#,
        r#"2:9: invalid operation: "a" + 1 (mismatched types untyped string and untyped int)
"#,
    );
    expect(
        r#"var x = "a" * 2"#,
        r#"2:9: invalid operation: "a" * 2 (mismatched types untyped string and untyped int)
"#,
    );
    expect(
        r#"const c int = "x""#,
        r#"2:15: cannot use "x" (untyped string constant) as int value in constant declaration
"#,
    );
    expect(
        r#"var x = -5 % 0"#,
        r#"2:14: invalid operation: division by zero
"#,
    );
    expect(
        r#"const (
	a = iota
	b
	c, d
)"#,
        r#"5:5: missing init expr for d
"#,
    );
    expect(
        r#"var x int32 = 'a' << 40"#,
        r#"2:15: cannot use 'a' << 40 (untyped rune constant 106652627894272) as int32 value in variable declaration (overflows)
"#,
    );
    expect(
        r#"const c = string(65) + "b"
var _ int = c"#,
        r#"3:13: cannot use c (constant "Ab" of type string) as int value in variable declaration
"#,
    );
    expect(
        r#"var u uint8 = ^0"#,
        r#"2:15: cannot use ^0 (untyped int constant -1) as uint8 value in variable declaration (overflows)
"#,
    );
    expect(
        r#"var u = ^uint8(3)
var _ string = u"#,
        r#"3:16: cannot use u (variable of type uint8) as string value in variable declaration
"#,
    );
    expect(
        r#"func f() int { return 0 }
const c = f()"#,
        r#"3:11: f() (value of type int) is not constant
"#,
    );
    expect(
        r#"var x = uint8(1) << 8
var y = uint8(256 >> 1)"#,
        r#"2:9: uint8(1) << 8 (constant 256 of type uint8) overflows uint8
"#,
    );
    expect(
        r#"const x = "s"[0]"#,
        r#"2:11: "s"[0] (value of type byte) is not constant
"#,
    );
    expect(
        r#"var a [1.5]int"#,
        r#"2:8: array length 1.5 (untyped float constant) must be integer
"#,
    );
    expect(
        r#"var a [-1]int"#,
        r#"2:8: invalid array length -1 (untyped int constant)
"#,
    );
    expect(
        r#"var n = 3
var a [n]int"#,
        r#"3:8: invalid array length n
"#,
    );
    expect(
        r#"var x float64 = "a""#,
        r#"2:17: cannot use "a" (untyped string constant) as float64 value in variable declaration
"#,
    );
    expect(
        r#"type T float32
const c T = 1e50"#,
        r#"3:13: cannot use 1e50 (untyped float constant 1e+50) as T value in constant declaration (overflows)
"#,
    );
    expect(
        r#"var b bool = 1"#,
        r#"2:14: cannot use 1 (untyped int constant) as bool value in variable declaration
"#,
    );
    expect(
        r#"const c = 1.0 << 3
var x int = c
var s uint = 3
var y = 1.0 << s
var z int = 1.0 << s
var w = uint(1.5) "#,
        r#"5:9: invalid operation: shifted operand 1.0 (type float64) must be integer
7:14: cannot convert 1.5 (untyped float constant) to type uint
"#,
    );
}

#[test]
fn declarations() {
    expect(
        r#"var x, y = 1"#,
        r#"2:12: assignment mismatch: 2 variables but 1 value
"#,
    );
    expect(
        r#"var a, b int = 1, 2, 3"#,
        r#"2:22: extra init expr 3
"#,
    );
    expect(
        r#"func f() {}
func f() {}"#,
        r#"3:6: f redeclared in this block
	2:6: other declaration of f
"#,
    );
    expect(
        r#"type T struct{}
var T int"#,
        r#"3:5: T redeclared in this block
	2:6: other declaration of T
"#,
    );
    expect(
        r#"var x = y
var y = x"#,
        r#"2:5: initialization cycle for x
	2:5: x refers to y
	3:5: y refers to x
"#,
    );
    expect(
        r#"type T T"#,
        r#"2:6: invalid recursive type: T refers to itself
"#,
    );
    expect(
        r#"type A B
type B A"#,
        r#"2:6: invalid recursive type A
	2:6: A refers to B
	3:6: B refers to A
"#,
    );
    expect(
        r#"type T struct { a int; t T }"#,
        r#"2:6: invalid recursive type: T refers to itself
"#,
    );
    expect(
        r#"type T [2]T"#,
        r#"2:6: invalid recursive type: T refers to itself
"#,
    );
    expect(
        r#"type T struct { p *T; m map[string]T; f func(T) T }"#,
        r#""#,
    );
    expect(
        r#"const a = b
const b = a"#,
        r#"2:7: initialization cycle for a
	2:7: a refers to b
	3:7: b refers to a
"#,
    );
    expect(
        r#"var x = f()
func f() int { return x }"#,
        r#"2:5: initialization cycle for x
	2:5: x refers to f
	3:6: f refers to x
"#,
    );
    expect(
        r#"func init() int { return 1 }"#,
        r#"2:6: func init must have no arguments and no return values
"#,
    );
    expect(
        r#"var init = 3"#,
        r#"2:5: cannot declare init - must be func
"#,
    );
    expect(
        r#"func (x int) m() {}"#,
        r#"2:9: cannot define new methods on non-local type int
"#,
    );
    expect(
        r#"type P *int
func (p P) m() {}"#,
        r#"3:9: invalid receiver type P (pointer or interface type)
"#,
    );
    expect(
        r#"type T struct{ m int }
func (t T) m() {}"#,
        r#"3:12: field and method with the same name m
	2:16: other declaration of m
"#,
    );
    expect(
        r#"type T struct{}
func (t T) m() {}
func (t *T) m() {}"#,
        r#"4:13: method T.m already declared at 3:12
"#,
    );
    expect(
        r#"type T struct { a, a int }"#,
        r#"2:20: a redeclared
	2:17: other declaration of a
"#,
    );
    expect(
        r#"type I interface { m(); m() }"#,
        r#"2:25: duplicate method m
	2:20: other declaration of method m
"#,
    );
    expect(
        r#"type E struct { *I }
type I interface{}"#,
        r#"2:17: embedded field type cannot be a pointer to an interface
"#,
    );
    expect(
        r#"func f(a int, a string) {}"#,
        r#"2:15: a redeclared in this block
	2:8: other declaration of a
"#,
    );
    expect(
        r#"type T = []T"#,
        r#"2:6: invalid recursive type: T refers to itself
"#,
    );
    expect(
        r#"import f "text""#,
        r#"2:8: "text" imported as f and not used
"#,
    );
    expect(
        r#"import . "text""#,
        r#"2:8: "text" imported and not used
"#,
    );
    expect(
        r#"var m map[[]int]string"#,
        r#"2:11: invalid map key type []int
"#,
    );
    expect(
        r#"type T struct { f func() }
var m map[T]int"#,
        r#"3:11: invalid map key type T
"#,
    );
    expect(
        r#"type S struct { S2 }
type S2 struct { S }"#,
        r#"2:6: invalid recursive type S
	2:6: S refers to S2
	3:6: S2 refers to S
"#,
    );
    expect(
        r#"func (t *Undefined) m() {}"#,
        r#"2:10: undefined: Undefined
"#,
    );
    expect(
        r#"var _ = undefined1 + undefined2"#,
        r#"2:9: undefined: undefined1
2:22: undefined: undefined2
"#,
    );
    expect(
        r#"type T struct{}
func (t T) String() string { return t.nope }"#,
        r#"3:39: t.nope undefined (type T has no field or method nope)
"#,
    );
}

#[test]
fn statements() {
    expect(
        r#"func f() int { }"#,
        r#"2:16: missing return
"#,
    );
    expect(r#"func f() int { for { } }"#, r#""#);
    expect(
        r#"func f(x int) int { if x > 0 { return 1 } else { return 2 } }"#,
        r#""#,
    );
    expect(
        r#"func f(x int) int { switch x { case 1: return 1; default: panic("x") } }"#,
        r#""#,
    );
    expect(
        r#"func f() { x := 1 }"#,
        r#"2:12: declared and not used: x
"#,
    );
    expect(
        r#"func f() { x := 1; x = 2 }"#,
        r#"2:12: declared and not used: x
"#,
    );
    expect(
        r#"func f() { var x int; _ = func() { x = 1 } }"#,
        r#"2:16: declared and not used: x
"#,
    );
    expect(
        r#"func f() { x := 1; x := 2; _ = x }"#,
        r#"2:22: no new variables on left side of :=
"#,
    );
    expect(
        r#"func f() { a, b := 1; _, _ = a, b }"#,
        r#"2:20: assignment mismatch: 2 variables but 1 value
"#,
    );
    expect(
        r#"func f() { 1 + 2 }"#,
        r#"2:12: 1 + 2 (untyped int constant 3) is not used
"#,
    );
    expect(
        r#"func f() { f }"#,
        r#"2:12: f (value of type func()) is not used
"#,
    );
    expect(
        r#"func f() { len("a") }"#,
        r#"2:12: len("a") (constant 1 of type int) is not used
"#,
    );
    expect(
        r#"func f() { go 1 }"#,
        r#"2:15: expression in go must be function call
"#,
    );
    expect(
        r#"func f() { defer int(3) }"#,
        r#"2:18: defer requires function call, not conversion int(3) (constant 3 of type int)
"#,
    );
    expect(
        r#"func f() { defer len("a") }"#,
        r#"2:18: defer discards result of len("a") (constant 1 of type int)
"#,
    );
    expect(
        r#"func f() { break }"#,
        r#"2:12: break is not in a loop, switch, or select
"#,
    );
    expect(
        r#"func f() { for { continue L } }"#,
        r#"2:27: continue label not defined: L
"#,
    );
    expect(r#"func f() { L: for { break L } }"#, r#""#);
    expect(
        r#"func f() { L: }"#,
        r#"2:12: label L defined and not used
"#,
    );
    expect(
        r#"func f() { goto L; x := 1; _ = x; L: }"#,
        r#"2:17: goto L jumps over declaration of x at 2:22
"#,
    );
    expect(
        r#"func f() { goto L; { L: } }"#,
        r#"2:17: goto L jumps into block starting at 2:20
"#,
    );
    expect(
        r#"func f(x int) { switch x { case 1: case 1: } }"#,
        r#"2:41: duplicate case 1 (constant of type int) in expression switch
	2:33: previous case
"#,
    );
    expect(
        r#"func f(x string) { switch x { case "a", "a": } }"#,
        r#"2:41: duplicate case "a" (constant of type string) in expression switch
	2:36: previous case
"#,
    );
    expect(
        r#"func f(x any) { switch x.(type) { case int, int: } }"#,
        r#"2:45: duplicate case int in type switch
	2:40: previous case
"#,
    );
    expect(
        r#"func f(x int) { switch x.(type) { } }"#,
        r#"2:24: x (variable of type int) is not an interface
"#,
    );
    expect(
        r#"func f(x any) { switch y := x.(type) { case int: } }"#,
        r#"2:24: y declared and not used
"#,
    );
    expect(
        r#"func f(x error) { switch x.(type) { case int: } }"#,
        r#"2:42: impossible type switch case: int
	x (variable of interface type error) cannot have dynamic type int (missing method Error)
"#,
    );
    expect(
        r#"func f(x int) { switch x { case "a": } }"#,
        r#"2:33: cannot convert "a" (untyped string constant) to type int
"#,
    );
    expect(
        r#"func f() { if 1 { } }"#,
        r#"2:15: non-boolean condition in if statement
"#,
    );
    expect(
        r#"func f() { for "a" { } }"#,
        r#"2:16: non-boolean condition in for statement
"#,
    );
    expect(
        r#"func f() { return 1 }"#,
        r#"2:19: too many return values
	have (number)
	want ()
"#,
    );
    expect(
        r#"func f() (int, string) { return 1 }"#,
        r#"2:33: not enough return values
	have (number)
	want (int, string)
"#,
    );
    expect(
        r#"func f() int { return 1, 2 }"#,
        r#"2:26: too many return values
	have (number, number)
	want (int)
"#,
    );
    expect(
        r#"func f() (a int) { { a := 2; _ = a; return } }"#,
        r#"2:37: result parameter a not in scope at return
	2:22: inner declaration of var a int
"#,
    );
    expect(
        r#"func f() { var c chan<- int; <-c }"#,
        r#"2:32: invalid operation: cannot receive from send-only channel chan<- int c (variable of type chan<- int)
"#,
    );
    expect(
        r#"func f() { var c <-chan int; c <- 1 }"#,
        r#"2:30: invalid operation: cannot send to receive-only channel <-chan int c (variable of type <-chan int)
"#,
    );
    expect(
        r#"func f() { x := 3; x <- 1 }"#,
        r#"2:20: invalid operation: cannot send to non-channel int x (variable of type int)
"#,
    );
    expect(
        r#"func f() { for i, j := range 10 { } }"#,
        r#"2:16: declared and not used: i
2:19: range over 10 (untyped int constant) permits only one iteration variable
"#,
    );
    expect(
        r#"func f() { for i := range 1.5 { } }"#,
        r#"2:27: cannot range over 1.5 (untyped float constant)
"#,
    );
    expect(
        r#"func f() { var c chan int; for a, b := range c { } }"#,
        r#"2:32: declared and not used: a
2:35: range over c (variable of type chan int) permits only one iteration variable
"#,
    );
    expect(
        r#"func f() { for i, s := range "abc" { _ = i + s } }"#,
        r#"2:42: invalid operation: i + s (mismatched types int and rune)
"#,
    );
    expect(
        r#"func f() { var x int; x++; x += "a" }"#,
        r#"2:28: invalid operation: x += "a" (mismatched types int and untyped string)
"#,
    );
    expect(
        r#"func f() { "a"++ }"#,
        r#"2:12: invalid operation: "a"++ (non-numeric type untyped string)
"#,
    );
    expect(
        r#"func f() { var m map[string]struct{ x int }; m["a"].x = 1 }"#,
        r#"2:46: cannot assign to struct field m["a"].x in map
"#,
    );
    expect(
        r#"func f() { f() = 1 }"#,
        r#"2:12: f() (no value) used as value
"#,
    );
    expect(
        r#"func f() { 1 = 2 }"#,
        r#"2:12: cannot assign to 1 (neither addressable nor a map index expression)
"#,
    );
    expect(
        r#"func f() { x, x := 1, 2 }"#,
        r#"2:12: declared and not used: x
2:15: x repeated on left side of :=
"#,
    );
    expect(
        r#"func f() { a.b := 1 }"#,
        r#"2:12: undefined: a
2:12: non-name a.b on left side of :=
"#,
    );
    expect(
        r#"func f() { switch { case 1: } }"#,
        r#"2:26: cannot convert 1 (untyped int constant) to type bool
"#,
    );
    expect(
        r#"func f() { select { case 1: } }"#,
        r#"2:26: select case must be send or receive (possibly with assignment)
"#,
    );
    expect(
        r#"func f(x int) { switch x { default: default: } }"#,
        r#"2:37: multiple defaults (first at 2:28)
"#,
    );
    expect(
        r#"func f(x int) { switch x { case 1: fallthrough } }"#,
        r#"2:36: cannot fallthrough final case in switch
"#,
    );
    expect(
        r#"func f() { fallthrough }"#,
        r#"2:12: fallthrough statement out of place
"#,
    );
    expect(
        r#"func f() { var f2 func(); switch f2 { case nil: } ; var s []int; switch s { case s: } }"#,
        r#"2:82: invalid case s in switch on s (slice can only be compared to nil)
"#,
    );
    expect(
        r#"func f() { var x int = nil; _ = x }"#,
        r#"2:24: cannot use nil as int value in variable declaration
"#,
    );
    expect(
        r#"func f() { x := nil }"#,
        r#"2:12: declared and not used: x
2:17: use of untyped nil in assignment
"#,
    );
    expect(
        r#"func g() (int, int) { return 1, 2 }
func f() { var a, b, c = g(); a = g(); _, _, _ = a, b, c }"#,
        r#"3:26: assignment mismatch: 3 variables but g returns 2 values
3:35: assignment mismatch: 1 variable but g returns 2 values
"#,
    );
    expect(
        r#"func g() {}
func f() { x := g() }"#,
        r#"3:12: declared and not used: x
3:17: g() (no value) used as value
"#,
    );
    expect(
        r#"func f() { _ = 1; _ := 2 }"#,
        r#"2:21: no new variables on left side of :=
"#,
    );
    expect(
        r#"func f() { var i interface{ M() }; _ = i.(int) }"#,
        r#"2:40: impossible type assertion: i.(int)
	int does not implement interface{M()} (missing method M)
"#,
    );
    expect(r#"func f() { defer recover(); go func() {}() }"#, r#""#);
    expect(
        r#"func f() { if x := 1; x == 1 { } else if y := 2; true { } }"#,
        r#"2:42: declared and not used: y
"#,
    );
}

#[test]
fn expressions() {
    expect(
        r#"func f(a int, b string) {}
func g() { f(1); f(1, "a", 2); f("a", 1) }"#,
        r#"3:14: not enough arguments in call to f
	have (number)
	want (int, string)
3:28: too many arguments in call to f
	have (number, string, number)
	want (int, string)
3:34: cannot use "a" (untyped string constant) as int value in argument to f
3:39: cannot use 1 (untyped int constant) as string value in argument to f
"#,
    );
    expect(
        r#"func f(a ...int) {}
func g() { f([]int{1}...); f(1, []int{}...); f("a") }"#,
        r#"3:33: too many arguments in call to f
	have (number, []int...)
	want (...int)
3:48: cannot use "a" (untyped string constant) as int value in argument to f
"#,
    );
    expect(
        r#"func f() (int, string) { return 1, "" }
func g(int, int) {}
func h() { g(f()) }"#,
        r#"4:14: cannot use f() (value of type string) as int value in argument to g
"#,
    );
    expect(
        r#"var x = 1 + "a""#,
        r#"2:9: invalid operation: 1 + "a" (mismatched types untyped int and untyped string)
"#,
    );
    expect(
        r#"var a int8
var b int16
var c = a + b"#,
        r#"4:9: invalid operation: a + b (mismatched types int8 and int16)
"#,
    );
    expect(
        r#"var x = !1"#,
        r#"2:10: invalid operation: operator ! not defined on 1 (untyped int constant)
"#,
    );
    expect(
        r#"var x = -"a""#,
        r#"2:10: invalid operation: operator - not defined on "a" (untyped string constant)
"#,
    );
    expect(
        r#"var x = &1"#,
        r#"2:10: invalid operation: cannot take address of 1 (untyped int constant)
"#,
    );
    expect(
        r#"var p *int = &struct{}{}"#,
        r#"2:14: cannot use &struct{}{} (value of type *struct{}) as *int value in variable declaration
"#,
    );
    expect(
        r#"var x int
var y = *x"#,
        r#"3:10: invalid operation: cannot indirect x (variable of type int)
"#,
    );
    expect(
        r#"var s []int
var t = s == s"#,
        r#"3:9: invalid operation: s == s (slice can only be compared to nil)
"#,
    );
    expect(
        r#"var f func()
var g = f == f"#,
        r#"3:9: invalid operation: f == f (func can only be compared to nil)
"#,
    );
    expect(
        r#"type T struct { f []int }
var a, b T
var c = a == b"#,
        r#"4:9: invalid operation: a == b (struct containing []int cannot be compared)
"#,
    );
    expect(
        r#"var m map[string]int
var x = m == nil
var y = m[1]"#,
        r#"4:11: cannot use 1 (untyped int constant) as string value in map index
"#,
    );
    expect(
        r#"var s = "abc"["a"]"#,
        r#"2:15: cannot convert "a" (untyped string constant) to type int
"#,
    );
    expect(
        r#"var a [3]int
var b = a[3]
var c = a[-1]"#,
        r#"3:11: invalid argument: index 3 out of bounds [0:3]
4:11: invalid argument: index -1 (constant of type int) must not be negative
"#,
    );
    expect(
        r#"var s []int
var t = s["a"]
var u = s[1.5]"#,
        r#"3:11: cannot convert "a" (untyped string constant) to type int
4:11: 1.5 (untyped float constant) truncated to int
"#,
    );
    expect(
        r#"var s = "abc"[2:1]"#,
        r#"2:17: invalid slice indices: 1 < 2
"#,
    );
    expect(
        r#"var a = [2]int{1, 2, 3}"#,
        r#"2:22: index 2 is out of bounds (>= 2)
"#,
    );
    expect(
        r#"var a = [...]int{5: 1, 2, 5: 3}"#,
        r#"2:27: duplicate index 5 in array or slice literal
"#,
    );
    expect(
        r#"type T struct { a, b int }
var t = T{1}
var u = T{1, 2, 3}
var v = T{c: 1}
var w = T{a: 1, 2}
var x = T{a: 1, a: 2}"#,
        r#"3:12: too few values in struct literal of type T
4:17: too many values in struct literal of type T
5:11: unknown field c in struct literal of type T
6:17: mixture of field:value and value elements in struct literal
7:17: duplicate field name a in struct literal
"#,
    );
    expect(
        r#"var m = map[string]int{"a": 1, "a": 2}"#,
        r#"2:32: duplicate key "a" in map literal
"#,
    );
    expect(
        r#"var x = []int{"a"}"#,
        r#"2:15: cannot use "a" (untyped string constant) as int value in array or slice literal
"#,
    );
    expect(
        r#"type T struct{ A int }
func (t *T) M() {}
var x = T{}.M
var y = T.M
var z = (*T).M"#,
        r#"4:13: cannot call pointer method M on T
5:11: invalid method expression T.M (needs pointer receiver (*T).M)
"#,
    );
    expect(
        r#"type T struct{ Abc int }
var x = T{}.abc
var y = T{}.xyz"#,
        r#"3:13: T{}.abc undefined (type T has no field or method abc, but does have field Abc)
4:13: T{}.xyz undefined (type T has no field or method xyz)
"#,
    );
    expect(
        r#"type I interface { M() }
type T struct{}
func (t *T) M() {}
var i I = T{}
var j I = &T{}"#,
        r#"5:11: cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (method M has pointer receiver)
"#,
    );
    expect(
        r#"type I interface { M(int) }
type T struct{}
func (t T) M(string) {}
var i I = T{}"#,
        r#"5:11: cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (wrong type for method M)
		have M(string)
		want M(int)
"#,
    );
    expect(
        r#"type I interface { M() }
type T struct{}
var i I = T{}
var k I = 1"#,
        r#"4:11: cannot use T{} (value of struct type T) as I value in variable declaration: T does not implement I (missing method M)
5:11: cannot use 1 (constant of type int) as I value in variable declaration: int does not implement I (missing method M)
"#,
    );
    expect(
        r#"type I interface { M() }
var p *I
var x = p.M"#,
        r#"4:11: p.M undefined (type *I is pointer to interface, not interface)
"#,
    );
    expect(
        r#"var x any = 1
var y int = x"#,
        r#"3:13: cannot use x (variable of interface type any) as int value in variable declaration: need type assertion
"#,
    );
    expect(
        r#"var e error
var s string = e"#,
        r#"3:16: cannot use e (variable of interface type error) as string value in variable declaration
"#,
    );
    expect(
        r#"type A struct { X int }
type B struct { X int }
type C struct { A; B }
var c C
var x = c.X"#,
        r#"6:11: ambiguous selector c.X
"#,
    );
    expect(
        r#"var x = int("a")
var y = string(1.5)
var z = []byte("a")
var w = []int("a")"#,
        r#"2:13: cannot convert "a" (untyped string constant) to type int
3:16: cannot convert 1.5 (untyped float constant) to type string
5:15: cannot convert "a" (untyped string constant) to type []int
"#,
    );
    expect(
        r#"var x = len(5)
var y = cap(map[int]int{})"#,
        r#"2:13: invalid argument: 5 (untyped int constant) for built-in len
3:13: invalid argument: map[int]int{} (value of type map[int]int) for built-in cap
"#,
    );
    expect(
        r#"var x = append(1, 2)
var y = append([]int{}, "a")"#,
        r#"2:16: invalid append: argument must be a slice; have 1 (untyped int constant)
3:25: cannot use "a" (untyped string constant) as int value in argument to append
"#,
    );
    expect(
        r#"var x = make(int)
var y = make([]int)
var z = make([]int, 3, 2)"#,
        r#"2:14: invalid argument: cannot make int: type must be slice, map, or channel
3:9: invalid operation: make([]int) expects 2 or 3 arguments; found 1
4:21: invalid argument: length and capacity swapped
"#,
    );
    expect(
        r#"var x = new(int, 3)"#,
        r#"2:9: invalid operation: too many arguments for new(int, 3) (expected 1, found 2)
"#,
    );
    expect(
        r#"func f() { copy([]int{}, []string{}); delete(1, 2); close(3); clear(4) }"#,
        r#"2:17: invalid copy: arguments []int{} (value of type []int) and []string{} (value of type []string) have different element types int and string
2:46: invalid argument: 1 (untyped int constant) is not a map
2:59: invalid operation: cannot close non-channel 3 (untyped int constant)
2:69: invalid argument: cannot clear 4 (untyped int constant): argument must be (or constrained by) map or slice
"#,
    );
    expect(
        r#"var x = min(1, "a")
var y = max()
var z int = min(1.5, 2)"#,
        r#"2:16: invalid argument: mismatched types untyped int (previous argument) and untyped string (type of "a")
3:9: invalid operation: not enough arguments for max() (expected 1, found 0)
4:13: cannot use min(1.5, 2) (untyped float constant 1.5) as int value in variable declaration (truncated)
"#,
    );
    expect(
        r#"func f() { panic() ; print(nil) }"#,
        r#"2:12: invalid operation: not enough arguments for panic() (expected 1, found 0)
2:28: use of untyped nil in argument to built-in print
"#,
    );
    expect(
        r#"var s uint = 3
var x float64 = 1 << s"#,
        r#"3:17: invalid operation: shifted operand 1 (type float64) must be integer
"#,
    );
    expect(
        r#"var f float64
var x = f << 2
var y = 2 << f
var z = 1 << -1"#,
        r#"3:9: invalid operation: shifted operand f (variable of type float64) must be integer
4:14: invalid operation: shift count f (variable of type float64) must be integer
5:14: invalid operation: negative shift count -1 (untyped int constant)
"#,
    );
    expect(
        r#"var x = nil == nil"#,
        r#"2:16: invalid operation: nil == nil (operator == not defined on untyped nil)
"#,
    );
    expect(
        r#"var c chan int
var d chan<- int = c
var e chan int = d"#,
        r#"4:18: cannot use d (variable of type chan<- int) as chan int value in variable declaration
"#,
    );
    expect(
        r#"type F func(a int, b ...string) (x, y int)
var f F = 3"#,
        r#"3:11: cannot use 3 (untyped int constant) as F value in variable declaration
"#,
    );
    expect(
        r#"var x = struct{ a byte; b rune }{}
var y int = x"#,
        r#"3:13: cannot use x (variable of type struct{a byte; b rune}) as int value in variable declaration
"#,
    );
    expect(
        r#"var b byte = "a"
var r []rune = []int32{}
var q []byte = []int{}"#,
        r#"2:14: cannot use "a" (untyped string constant) as byte value in variable declaration
4:16: cannot use []int{} (value of type []int) as []byte value in variable declaration
"#,
    );
    expect(
        r#"var x interface{ M() } = 3"#,
        r#"2:26: cannot use 3 (constant of type int) as interface{M()} value in variable declaration: int does not implement interface{M()} (missing method M)
"#,
    );
    expect(
        r#"var x = func(x int) int { return x }("a")"#,
        r#"2:38: cannot use "a" (untyped string constant) as int value in argument to func(x int) int {…}
"#,
    );
    expect(
        r#"var x = fmt.Println"#,
        r#"2:9: undefined: fmt
"#,
    );
    expect(
        r#"var x = (func())(nil)()"#,
        r#"2:9: (func())(nil)() (no value) used as value
"#,
    );
    expect(
        r#"var a, b = 1, 2
var c = a.x"#,
        r#"3:11: a.x undefined (type int has no field or method x)
"#,
    );
    expect(
        r#"type T struct{ a int }
var x = T.a"#,
        r#"3:9: operand for field selector a must be value of type T
"#,
    );
    expect(
        r#"var i interface{ m() }
var x = i.(interface{ n() })
var y = i.(struct{})"#,
        r#"4:9: impossible type assertion: i.(struct{})
	struct{} does not implement interface{m()} (missing method m)
"#,
    );
    expect(
        r#"var p *[3]int
var x = p[5]
var y = p[1:4]"#,
        r#"3:11: invalid argument: index 5 out of bounds [0:3]
4:13: invalid argument: index 4 out of bounds [0:4]
"#,
    );
    expect(
        r#"var x = "s" == 1
var y = 1 < "a"
var z = true < false"#,
        r#"2:16: invalid operation: "s" == 1 (mismatched types untyped string and untyped int)
3:13: invalid operation: 1 < "a" (mismatched types untyped int and untyped string)
4:9: invalid operation: true < false (operator < not defined on untyped bool)
"#,
    );
    expect(
        r#"var x = []int{} < []int{}"#,
        r#"2:9: invalid operation: []int{} < []int{} (operator < not defined on slice)
"#,
    );
    expect(
        r#"var a any
var x = a + 1"#,
        r#"3:9: invalid operation: a + 1 (mismatched types any and untyped int)
"#,
    );
    expect(
        r#"var x, y = 1 && true, true || "a""#,
        r#"2:12: invalid operation: 1 && true (mismatched types untyped int and untyped bool)
2:23: invalid operation: true || "a" (mismatched types untyped bool and untyped string)
"#,
    );
}
#[test]
fn what_is_not_taken_is_refused() {
    expect(
        "func f[T any](x T) {}",
        "2:8: generic functions are not supported yet by MiniGo",
    );
    expect(
        "type T[P any] struct{}",
        "2:8: generic types are not supported yet by MiniGo",
    );
    expect(
        "var c complex128",
        "2:7: complex numbers are not supported yet by MiniGo",
    );
    expect(
        "var c = 1i",
        "2:9: complex numbers are not supported yet by MiniGo",
    );
    expect(
        "func f(seq func(func(int) bool)) { for range seq {} }",
        "2:46: range loops over functions are not supported yet by MiniGo",
    );
    expect(
        "type I interface { int | string }",
        "2:20: type constraints are not supported yet by MiniGo",
    );
    expect(
        "import \"unsafe\"\nvar _ unsafe.Pointer",
        "2:8: package unsafe is not supported by MiniGo",
    );
}

#[test]
fn library_packages_are_checked_as_far_as_reached() {
    let program = super::check(
        "package main\nimport \"shape\"\nfunc main() { var n shape.Named = shape.New(3); println(n.Name(), shape.First()) }",
    )
    .unwrap_or_else(|errors| panic!("{errors}"));
    super::Walker { program: &program }.program();
    let mut names: Vec<&str> = program
        .checked_functions
        .iter()
        .map(|function| program.ast.names.text(program.objects[*function].name))
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["First", "Name", "New", "Upper", "main", "makeTable"]
    );
}

#[test]
fn initialisers_run_in_the_order_of_their_dependencies() {
    let program = super::check(
        "package main\nvar a = c + b\nvar b = f()\nvar c = 1\nvar d = 3\nfunc f() int { d++; return d }\nfunc main() {}",
    )
    .unwrap_or_else(|errors| panic!("{errors}"));
    let order: Vec<&str> = program.packages[program.main]
        .initializers
        .iter()
        .map(|initializer| {
            program
                .ast
                .names
                .text(program.objects[initializer.variables[0]].name)
        })
        .collect();
    assert_eq!(order, ["c", "d", "b", "a"]);
}

#[test]
fn deep_and_large_programs_end_with_a_verdict() {
    let deep = format!("var x = {}1{}", "(".repeat(9_000), ")".repeat(9_000));
    let long = format!("var y = 1{}", " + 1".repeat(5_000));
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    thread
        .spawn(move || {
            expect(&deep, "");
            expect(&long, "");
        })
        .expect("a thread")
        .join()
        .expect("no panic");
    let bomb: String = (0..60)
        .map(|step| format!("const c{} = c{step} * c{step}\n", step + 1))
        .collect();
    assert!(super::check(&format!("package p\nconst c0 = 1e300\n{bomb}")).is_err());
    let text: String = (0..60)
        .map(|step| format!("const s{} = s{step} + s{step}\n", step + 1))
        .collect();
    assert!(super::check(&format!("package p\nconst s0 = \"0123456789\"\n{text}")).is_err());
    expect(
        "type T [1 << 51]byte",
        "2:8: type [2251799813685248]byte larger than address space",
    );
}
