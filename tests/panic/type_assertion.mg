// panic exit=2
package main

type I interface{ M() }

func main() {
	var x any = "s"
	defer func() {
		println(recover().(error).Error())
		_ = x.(I)
	}()
	_ = x.(int)
}
