// escapecheck

// What stands after a return is not there, unless a label follows; what only a closer look finds unreachable is.
package main

func f() *int {
	return new(int)
	p := new(int)
	return p
}

func g() int {
	panic("no")
	return *new(int)
}

var kept *int

func beforeLabel(n int) int {
	if n > 0 {
		goto end
	}
	return 1
	println(*new(int))
end:
	return 2
}

func afterEmpty(n int) int {
	if n > 0 {
		return 2
		;
	} else {
		panic("no");
		;
	}
	println(*new(int))
	return 3
}

func afterLoop() {
	for {
	}
	println(*new(int))
	kept = new(int)
}

func afterSwitch(n int) int {
	switch {
	case n > 1:
		return 1
	default:
		return 2
	}
	x, y := 2, new(int)
	kept = &x
	return *y
}

func main() { println(*f()) }
