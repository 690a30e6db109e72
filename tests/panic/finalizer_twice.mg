// panic exit=2
package main

import "runtime"

func main() {
	p := new([4]*int)
	runtime.SetFinalizer(p, func(*[4]*int) {})
	runtime.SetFinalizer(p, func(any) {})
}
