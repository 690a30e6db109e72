// panic exit=2
package main

func main() {
	defer func() {
		r := recover()
		panic(r)
	}()
	defer func() {
		panic("second")
	}()
	panic("first")
}
