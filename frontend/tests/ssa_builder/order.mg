package main

var n int

func next() int { n++; return n }

func main() {
	a := []int{0, 0, 0}
	i := 0
	i, a[i] = 1, 2
	a[0], a[1] = a[1], a[0]
	x := n + next()
	a[next()-2] += next()
	println(x, a[0] < 1 && next() > 2)
}
