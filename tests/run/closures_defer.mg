// run
package main

import (
	"errors"
	"fmt"
	"os"
)

func counter() (func() int, func()) {
	n := 0
	return func() int { n++; return n }, func() { n = 100 }
}

func fib() func() int {
	a, b := 0, 1
	return func() int {
		defer func() { a, b = b, a+b }()
		return a
	}
}

func named() (result int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
			result *= 2
		}
	}()
	result = 21
	var m map[string]int
	m["x"] = 1
	return 1, nil
}

func order() {
	for i := 0; i < 3; i++ {
		defer fmt.Print("defer ", i, "; ")
	}
	fmt.Print("body; ")
}

func nested() (s string) {
	defer func() { s += fmt.Sprint(" outer:", recover()) }()
	defer func() {
		defer func() { s += fmt.Sprint(" inner:", recover()) }()
		panic("second")
	}()
	panic("first")
}

func indexOut(xs []int, i int) (v int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
		}
	}()
	return xs[i], nil
}

type resource struct{ name string }

func (r *resource) Close() { fmt.Println("close", r.name) }

func use(names ...string) {
	for _, n := range names {
		r := &resource{n}
		defer r.Close()
	}
	fmt.Println("using", len(names))
}

func catch(f func()) {
	defer func() {
		r := recover()
		if e, ok := r.(error); ok {
			fmt.Println("error:", e)
		} else {
			fmt.Println("value:", r)
		}
	}()
	f()
}

func deep(n int) int {
	if n == 0 {
		panic(errors.New("bottom"))
	}
	return deep(n-1) + 1
}

func notDirect() any {
	return func() any { return recover() }()
}

func main() {
	next, reset := counter()
	next()
	next()
	reset()
	fmt.Println(next())
	f := fib()
	for range 10 {
		fmt.Print(f(), " ")
	}
	fmt.Println()
	fmt.Println(named())
	order()
	fmt.Println()
	fmt.Println(nested())
	fmt.Println(indexOut([]int{1, 2}, 1))
	fmt.Println(indexOut([]int{1, 2}, 5))
	use("a", "b")
	var nilp *resource
	var nilf func()
	var iface any = "str"
	zero := 0
	catch(func() { fmt.Println(nilp.name) })
	catch(func() { nilf() })
	catch(func() { fmt.Println(iface.(int)) })
	catch(func() { fmt.Println(iface.(fmt.Stringer)) })
	catch(func() { fmt.Println(1 / zero) })
	catch(func() { panic(fmt.Sprintf("v%d", 1)) })
	catch(func() { fmt.Println([]int{1, 2, 3}[zero+1 : zero]) })
	catch(func() { fmt.Println("abc"[zero+5:]) })
	catch(func() { fmt.Println(make([]int, zero-1)) })
	catch(func() { deep(3000) })
	catch(func() { var e error; fmt.Println(e.Error()) })
	catch(func() { var a, b any = []int{1}, []int{1}; fmt.Println(a == b) })
	catch(func() { m := map[any]int{}; m[func() {}] = 1 })
	catch(func() { close((chan int)(nil)) })
	catch(func() { c := make(chan int); close(c); close(c) })
	catch(func() { c := make(chan int); close(c); c <- 1 })
	catch(func() { x := [3]int{}; i := 3 + zero; x[i] = 1 })
	catch(func() { s := []int{1}; _ = [4]int(s) })
	catch(func() { _ = 1 << (zero - 1) })
	catch(func() { panic(nil) })
	catch(func() {
		defer func() { panic("replaced") }()
		panic("original")
	})
	defer fmt.Println("not printed: os.Exit")
	func() {
		defer func() { fmt.Println(notDirect(), recover()) }()
		panic("kept")
	}()
	os.Exit(0)
}
