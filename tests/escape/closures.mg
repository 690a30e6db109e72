// escapecheck

// What closures capture, by value or by reference, and where they live.
package main

func byValue() func() int {
	n := 1
	return func() int { return n }
}

func byReference() func() int {
	n := 1
	return func() int { n++; return n }
}

func calledAtOnce() int {
	n := 1
	func() { n++ }()
	return n
}

func passed(f func(int)) { f(1) }

func passes() (sum int) {
	passed(func(n int) { sum += n })
	return
}

func deferred() (n int) {
	defer func() { n++ }()
	return 1
}

func started(done chan bool) {
	n := 0
	go func() { n++; done <- true }()
	<-done
}

func nested() func() func() *int {
	x := 1
	return func() func() *int {
		return func() *int { return &x }
	}
}

func main() {
	println(byValue()(), byReference()(), calledAtOnce(), passes(), deferred(), *nested()()())
	started(make(chan bool))
}
