// panic exit=2
package main

import "runtime"

func main() {
	p := new([4]*int)
	runtime.SetFinalizer(&p[1], func(**int) {})
}
