package main

type point struct{ x, y int }
type shape struct {
	name   string
	points []point
	next   *shape
}

var table = map[string]*point{"a": {1, 2}, "b": {y: 3}}
var primes = [...]int{2, 3, 5, 9: 7}

func make3(n int) any {
	s := shape{"s", []point{{1, 2}, {n, 4}}, &shape{name: "inner"}}
	s.next.points = s.points[1:]
	p := &s.points[0]
	p.x, p.y = p.y, p.x
	return s
}

func main() {
	_ = make3(len(primes))
	println(table["a"].x)
}
