package main

func counter() func() int {
	n := 0
	return func() int {
		n++
		return n
	}
}

func constant(k int) func() int {
	return func() int { return k }
}

func rounds(fs []func() int) []func() int {
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { return i })
	}
	return fs
}

func main() {
	c := counter()
	c()
	println(c(), constant(7)(), rounds(nil)[1]())
}
