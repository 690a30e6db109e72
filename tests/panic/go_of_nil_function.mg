// panic exit=2
package main

func main() {
	var f func()
	go f()
	select {}
}
