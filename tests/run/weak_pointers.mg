// run
package main

// Package weak as values: types, comparison, printing, pointers to what never dies; and what runtime.AddCleanup refuses.

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	w "weak"
)

type pair struct{ first, second int }

type node struct {
	next *node
	w.Pointer[pair]
	more map[w.Pointer[node]]string
}

type alias = w.Pointer[pair]

type named w.Pointer[pair]

type tree struct {
	parent   w.Pointer[tree]
	children []*tree
	name     string
}

func (t *tree) add(name string) *tree {
	child := &tree{parent: w.Make(t), name: name}
	t.children = append(t.children, child)
	return child
}

func (t *tree) path() string {
	if parent := t.parent.Value(); parent != nil {
		return parent.path() + "/" + t.name
	}
	return t.name
}

var global pair

func types() {
	type local struct{ x int }
	type other local
	x := w.Make(new(pair))
	fmt.Printf("%T %T %T\n", x, &x, []w.Pointer[pair]{})
	fmt.Printf("%T %T\n", alias{}, named{})
	fmt.Printf("%T %T\n", w.Pointer[local]{}, w.Pointer[other]{})
	fmt.Printf("%T\n", w.Pointer[[]local]{})
	fmt.Printf("%T\n", w.Pointer[map[string]*pair]{})
	fmt.Printf("%T\n", w.Pointer[any]{})
	fmt.Printf("%T\n", w.Pointer[interface{ M(int) string }]{})
	fmt.Printf("%T\n", w.Pointer[struct {
		X int `tag:"x"`
		y pair
	}]{})
	fmt.Printf("%T\n", w.Pointer[func(int, ...pair) error]{})
	fmt.Printf("%T\n", w.Pointer[atomic.Int32]{})
	fmt.Printf("%T\n", w.Pointer[w.Pointer[atomic.Int32]]{})
	fmt.Printf("%T\n", w.Pointer[chan<- byte]{})
	fmt.Printf("%v %+v %#v\n", alias{}, alias{}, alias{})
	fmt.Printf("%v\n", node{})
	fmt.Printf("%+v\n", node{})
	fmt.Printf("%#v\n", node{})
	fmt.Printf("%T\n", w.Make[pair])
	fmt.Printf("%T\n", w.Pointer[pair].Value)
	fmt.Printf("%T\n", x.Value)
	fmt.Printf("%T\n", runtime.AddCleanup[pair, string])
	fmt.Println(strings.HasPrefix(fmt.Sprint(x), "{[] 0x"))
}

func comparisons() {
	p := &pair{1, 2}
	x := w.Make(p)
	fmt.Println(x == w.Make(p), x != w.Make(p), x == w.Make(&pair{1, 2}), x == w.Make(&global))
	first, second := w.Make(&p.first), w.Make(&p.second)
	fmt.Println(first == second, first == w.Make(&p.first), *first.Value(), *second.Value())
	array := new([4]int)
	fmt.Println(w.Make(&array[1]) == w.Make(&array[2]), w.Make(&array[3]).Value() == &array[3])
	fmt.Println(w.Make[pair](nil) == alias{}, w.Make[pair](nil).Value() == nil, alias{}.Value())
	fmt.Println(w.Make(&global) == w.Make(&global), w.Make(&global).Value() == &global)
	fmt.Println(w.Make(&struct{}{}).Value() != nil)
	var boxed any = x
	fmt.Println(boxed == any(w.Make(p)), boxed == any(w.Make(&pair{})), boxed == any(first))
	_, isValue := boxed.(interface{ Value() *pair })
	_, isOther := boxed.(interface{ Value() *int })
	fmt.Println(isValue, isOther, boxed.(alias).Value() == p)
	switch y := boxed.(type) {
	case w.Pointer[int]:
		fmt.Println("of an int", y.Value())
	case w.Pointer[pair]:
		fmt.Println("of a pair", *y.Value())
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = boxed.(w.Pointer[int])
	}()
	keys := map[w.Pointer[pair]]string{x: "x", {}: "zero"}
	keys[w.Make(p)] += "!"
	fmt.Println(len(keys), keys[x], keys[w.Make[pair](nil)])
	converted := named(x)
	fmt.Println(alias(converted) == x)
	value, method := x.Value, w.Pointer[pair].Value
	fmt.Println(value() == p, method(x) == p)
	var from func(*pair) w.Pointer[pair] = w.Make
	from = w.Make[pair]
	fmt.Println(from(p) == x)
	for _, f := range []func(*pair) alias{w.Make[pair], from} {
		fmt.Print(f(p) == x, " ")
	}
	n := &node{Pointer: x}
	n.more = map[w.Pointer[node]]string{w.Make(n): "itself"}
	fmt.Println(n.Value() == p, n.more[w.Make(n)], (*node).Value(n).second)
	runtime.KeepAlive(p)
	runtime.KeepAlive(array)
}

// What the program never drops.
var held []any

func cleanup(what string) { fmt.Println("never", what) }

type unwrapper struct{ err error }

func (u unwrapper) Error() string { return "no " + u.err.Error() }

func refusals() {
	p, q := &pair{}, &node{}
	large, failure := new([10]int), new(error)
	held = append(held, p, q, large, failure)
	twice := p
	reassigned := q
	reassigned = &node{}
	attempts := []func(){
		func() { runtime.AddCleanup(p, func(*pair) {}, p) },
		func() { runtime.AddCleanup(&p.second, func(*int) {}, &p.second) },
		func() { runtime.AddCleanup((*pair)(nil), func(*pair) {}, p) },
		func() { runtime.AddCleanup(p, func(*int) {}, &p.second) },
		func() { runtime.AddCleanup(large, func(*int) {}, &large[9]) },
		func() { runtime.AddCleanup(&large[3], func(*[10]int) {}, large) },
		func() { runtime.AddCleanup(q, func(*node) {}, q.next) },
		func() { runtime.AddCleanup(p, func(int) { twice.first++ }, 1) },
		func() { runtime.AddCleanup(q, func(s string) { cleanup(s + q.next.more[w.Make(q)]) }, "x") },
		func() { runtime.AddCleanup(reassigned, func(int) { reassigned = q }, 1) },
		func() { runtime.AddCleanup(p, func(any) {}, any(p)) },
		func() { runtime.AddCleanup(&global, func(int) { global.first++ }, 1) },
		func() { runtime.AddCleanup(&global, func(*pair) {}, &global) },
		func() { runtime.AddCleanup(&struct{}{}, cleanup, "of nothing") },
		func() { runtime.AddCleanup[error](failure, cleanup, "explicit") },
		func() { runtime.AddCleanup[pair, *pair](p, nil, p) },
	}
	for i, attempt := range attempts {
		func() {
			defer func() {
				if r := recover(); r != nil {
					fmt.Printf("%d: %T %v\n", i, r, r)
				} else {
					fmt.Printf("%d: fine\n", i)
				}
			}()
			attempt()
		}()
	}
	var c runtime.Cleanup
	c.Stop()
	fmt.Printf("%v %+v %T %v\n", c, c, c, c == runtime.Cleanup{})
	c = runtime.AddCleanup(large, cleanup, "stopped")
	fmt.Println(c == runtime.AddCleanup(large, cleanup, "stopped"), c != runtime.Cleanup{})
	c.Stop()
	held = append(held, reassigned)
}

func main() {
	types()
	comparisons()
	refusals()
	root := &tree{name: "root"}
	leaf := root.add("a").add("b").add("c")
	fmt.Println(leaf.path(), leaf.parent.Value().parent == w.Make(root.children[0]))
	var err error = unwrapper{errors.New("matter")}
	kept := w.Make(&err)
	fmt.Println(*kept.Value())
	runtime.KeepAlive(root)
	runtime.KeepAlive(&err)
}
