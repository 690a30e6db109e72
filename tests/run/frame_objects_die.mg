// run

// What is in a frame keeps what it points to for as long as it is used, not for as long as its function runs; and no shorter.

package main

import (
	"fmt"
	"runtime"
	"sort"
)

// A node is large enough to be missed.
type node struct {
	next *node
	room []byte
	n    int
}

const roomBytes = 4 << 20

//go:noinline
func fresh() *node { return &node{room: make([]byte, roomBytes), n: 1} }

//go:noinline
func (t *node) count() int {
	if t == nil {
		return 0
	}
	return t.n + t.next.count()
}

func heap() uint64 {
	var statistics runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&statistics)
	return statistics.HeapAlloc
}

var base uint64

//go:noinline
func report(what string, n int) {
	state := "kept"
	if heap() < base+roomBytes/2 {
		state = "freed"
	}
	fmt.Println(what, n, state)
}

type pair struct{ one, other *node }

//go:noinline
func (p *pair) fill() { p.one = fresh() }

//go:noinline
func (p *pair) count() int { return p.one.count() + p.other.count() }

//go:noinline
func (p *pair) first() *node { return p.one }

//go:noinline
func (p *pair) self() *pair { return p }

func values() {
	t := fresh()
	n := t.count()
	report("a pointer", n)
	var p pair
	p.fill()
	n = p.count()
	report("a struct", n)
	q := &pair{}
	q.fill()
	n = q.count()
	report("a literal", n)
	q = &pair{}
	report("another one", q.count())
}

// Until its last use.
func derived() {
	var p pair
	p.fill()
	report("used later", 0)
	t := p.first()
	n := t.count()
	report("its pointer used", n)
	var q pair
	q.fill()
	r := q.self()
	report("used through a result", 0)
	n = r.count()
	report("used", n)
	var s pair
	s.fill()
	inner := &s.one
	report("used through a field", 0)
	n = (*inner).count()
	report("used", n)
}

//go:noinline
func fill(all []*node) {
	for i := range all {
		all[i] = fresh()
	}
}

func arrays() {
	var a [2]*node
	fill(a[:])
	n := 0
	for _, t := range a {
		n += t.count()
	}
	report("an array", n)
	s := make([]*node, 2)
	fill(s)
	n = s[1].count()
	report("a slice", n)
	for _, t := range []*node{fresh(), {n: 2}} {
		n += t.count()
	}
	report("a range expression", n)
	s = append([]*node(nil), fresh())
	n = s[0].count()
	report("an append", n)
	sort.Slice(s, func(i, j int) bool { return s[i].n < s[j].n })
	n = s[0].count()
	report("a sort", n)
}

type list struct {
	name string
	all  []*node
}

//go:noinline
func (l *list) add() { l.all = append(l.all, fresh()) }

type large struct {
	one  *node
	rest [12]string
}

//go:noinline
func makeLarge() large { return large{one: fresh()} }

//go:noinline
func countLarge(l large) int { return l.one.count() }

//go:noinline
func makeMany() (a, b, c, d string, e large, t *node) { return "", "", "", "", makeLarge(), fresh() }

func structs() {
	var l list
	l.add()
	n := l.all[0].count()
	report("a slice in a struct", n)
	n = countLarge(makeLarge())
	report("a large struct", n)
	big := makeLarge()
	n = countLarge(big)
	report("a large variable", n)
	_, _, _, _, big, t := makeMany()
	n = countLarge(big) + t.count()
	report("many results", n)
	m := map[string]*node{"a": fresh()}
	for _, t := range m {
		n += t.count()
	}
	report("a map", n)
	c := make(chan pair, 1)
	c <- pair{one: fresh()}
	received := <-c
	n = received.count()
	select {
	case c <- pair{one: fresh()}:
	}
	select {
	case received := <-c:
		n += received.count()
	}
	report("a channel", n)
}

//go:noinline
func twice(f func() int) int { return f() + f() }

func closures() {
	t := fresh()
	u := t
	n := twice(func() int {
		n := u.count()
		u = t.next
		return n
	})
	report("a variable of a closure", n)
	var p pair
	p.fill()
	f := func() int { return p.count() }
	report("to be called", 0)
	n = twice(func() int { return f() + 1 })
	report("called", n)
	q := &pair{one: fresh()}
	n = twice(q.count)
	report("a bound method", n)
	var v, w pair
	var selected *pair
	choose := func(b bool) {
		if b {
			selected = &v
		} else {
			selected = &w
		}
	}
	v.fill()
	choose(v.one != nil)
	report("to be selected", 0)
	n = selected.count()
	report("selected", n)
}

type counter interface{ count() int }

//go:noinline
func countAny(a any) int {
	switch a := a.(type) {
	case pair:
		return a.count()
	case counter:
		return a.count()
	}
	return 0
}

func interfaces() {
	n := countAny(pair{one: fresh()})
	report("a box", n)
	n = countAny(&pair{one: fresh()})
	report("a pointer in an interface", n)
	var c counter = &pair{one: fresh()}
	report("to be counted", 0)
	n = c.count()
	report("counted", n)
}

func loops() {
	for round := range 2 {
		var p pair
		p.fill()
		n := p.count()
		report("in a round", n+round)
	}
	for round := range 3 {
		var p pair
		if round > 0 {
			report("in the next round", round)
		} else {
			p.fill()
			if p.count() == 0 {
				break
			}
		}
	}
	var last pair
	for range 2 {
		last.fill()
		if last.count() > 1 {
			return
		}
	}
	for range 2 {
		report("behind a loop", 0)
	}
	var both [2]pair
	selected := &both[0]
	both[1].fill()
	for round := range 3 {
		report("carried round", round)
		if round == 1 {
			report("of the round before", selected.count())
		}
		selected = &both[1]
	}
	both[0].fill()
	n := both[0].count()
	report("no more", n)
}

type link struct {
	p    *pair
	next *link
}

//go:noinline
func (l *link) shorten() { l.next = l.next.next }

func links(b bool) {
	var p pair
	l := &link{p: &p}
	l.p.fill()
	report("linked", 0)
	n := l.p.count()
	report("not linked", n)
	var q pair
	q.fill()
	l = &link{next: &link{next: &link{p: &q}}}
	l.shorten()
	report("moved", 0)
	n = l.next.p.count()
	report("not moved", n)
	var r, s pair
	r.fill()
	either := &s
	if b {
		either = &r
	}
	report("chosen", 0)
	n = either.count()
	report("done", n)
}

func parameter(t *node) {
	n := t.count()
	report("a parameter", n)
}

func deferring(t *node) {
	defer fmt.Print()
	n := t.count()
	report("a parameter where something is deferred", n)
}

func recovering(t *node) (n int) {
	var p pair
	defer func() {
		recover()
		report("recovered", n)
		n = p.count()
	}()
	p.one = t
	if n = p.count(); n > 0 {
		panic("positive")
	}
	return 7
}

func main() {
	base = heap()
	values()
	derived()
	arrays()
	structs()
	closures()
	interfaces()
	loops()
	links(base > 0)
	parameter(fresh())
	deferring(fresh())
	fmt.Println(recovering(fresh()))
}
