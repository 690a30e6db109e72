// escapecheck

// What stands after a return is not there.
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

func main() { println(*f()) }
