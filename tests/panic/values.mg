// panic exit=2
package main

func main() {
	defer func() { panic(1.5) }()
	panic(any(uint8(3)))
}
