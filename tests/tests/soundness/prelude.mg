package main

import "fmt"

// What random programs are made of: functions that keep, pass on, copy and lose pointers in all ways.

type node struct {
	v    int
	next *node
}

type pair struct{ p, q *node }

type box struct {
	pair
	all  []*node
	by   map[int]*node
	call func(*node) *node
	in   any
	pp   **node
	k    [3]*node
}

type operation interface {
	do(n *node) *node
}

type increment struct{ by int }

type exchange struct{ b *box }

type chain []operation

type keeper node

func (i increment) do(n *node) *node { return made(n.v+i.by, n.next) }

func (e *exchange) do(n *node) *node {
	e.b.p, e.b.q = e.b.q, n
	if e.b.p == nil {
		return n
	}
	return e.b.p
}

func (c chain) do(n *node) *node {
	for _, o := range c {
		n = o.do(n)
	}
	return n
}

func (k *keeper) do(n *node) *node {
	old := k.next
	k.next = n
	if old == nil {
		return (*node)(k)
	}
	return old
}

func made(v int, next *node) *node { return &node{v & 1023, next} }
func one(v int) *node              { return made(v, nil) }
func same(n *node) *node           { return n }
func address(n node) *node         { return &n }
func choose(c bool, a, b *node) *node {
	if c {
		return a
	}
	return b
}
func both(a, b *node) (x, y *node)             { x = b; y = a; return }
func pairOf(a, b *node) pair                   { return pair{a, b} }
func boxOf(a, b *node) *box                    { return &box{pair: pair{a, b}, all: make([]*node, 2)} }
func apply(f func(*node) *node, n *node) *node { return f(n) }
func set(p **node, n *node)                    { *p = n }
func get(p **node) *node                       { return *p }
func adder(k int) func(*node) *node            { return func(n *node) *node { return made(n.v+k, n) } }
func holder(n *node) func() *node              { return func() *node { return n } }
func first(all ...*node) *node                 { return all[0] }
func last(all []*node) *node                   { return all[len(all)-1] }
func boxed(n *node) any                        { return n }
func boxedValue(n *node) any                   { return *n }
func or(n, other *node) *node {
	if n == nil {
		return other
	}
	return n
}

func unboxed(a any, other *node) *node {
	switch x := a.(type) {
	case *node:
		return or(x, other)
	case node:
		return &x
	case pair:
		return or(x.p, other)
	case *pair:
		return or(x.q, other)
	case func() *node:
		return x()
	}
	return other
}

func fill(n *node) []*node {
	all := make([]*node, 4)
	for i := range all {
		all[i] = made(i, n)
		n = all[i]
	}
	return all
}

func through(c chan *node, n *node) *node {
	go func() { c <- n }()
	return <-c
}

func piped(n *node, k int) *node {
	c := make(chan *node, k&1)
	done := make(chan bool)
	go func() {
		for m := range c {
			n = made(m.v, n)
		}
		done <- true
	}()
	c <- n
	c <- one(k)
	close(c)
	<-done
	return n
}

func later(n *node) (result *node) {
	defer func() {
		if recover() != nil {
			result = made(7, result)
		}
	}()
	result = n
	if n.v&1 == 1 {
		panic(n)
	}
	return one(n.v)
}

func deep(k int, n *node) *node {
	m := node{n.v + k, n}
	if k == 0 {
		return address(m)
	}
	r := deep(k-1, &m)
	if r.v&1 == 0 {
		return made(m.v, nil)
	}
	return address(*r)
}

func (n *node) plus(m *node) *node   { return one(n.v + m.v) }
func (n *node) linked(m *node) *node { return made(n.v, m) }
func (n *node) tail() *node {
	if n.next == nil {
		return n
	}
	return n.next
}
func (n node) copied() *node      { return &n }
func (b *box) with(n *node) *box  { b.p = n; return b }
func (p pair) other(n *node) pair { p.q = n; return p }
func (p *pair) either(c bool) **node {
	if c {
		return &p.p
	}
	return &p.q
}
func (b *box) push(n *node) { b.all = append(b.all, n) }

var (
	global     *node
	globalPair pair
	globalAll  []*node
	steps      int
	hash       int
)

func count(n *node) int {
	s := 0
	for i := 0; i < 5 && n != nil; i++ {
		s = s*7 + n.v
		n = n.next
	}
	return s & 0xffff
}

func note(n *node) { hash = (hash*31 + count(n)) & 0xffffff }

// cut ends a list, which may be a ring.
func cut(n *node) {
	for i := 0; i < 4 && n != nil; i++ {
		n = n.next
	}
	if n != nil {
		n.next = nil
	}
}

func run(name string, f func(a, b *node, o operation) *node) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panics", hash)
		}
	}()
	a, b := one(3), made(5, one(6))
	global, globalPair, globalAll, hash = one(1), pair{}, nil, 0
	for round := 0; round < 4; round++ {
		steps = 0
		x := f(a, b, increment{round})
		note(x)
		cut(a)
		cut(b)
		cut(global)
		cut(x)
		a = x
	}
	fmt.Println(name, hash)
}
