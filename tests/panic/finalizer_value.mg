// panic exit=2
package main

import "runtime"

func main() {
	var s struct{ a [2]string }
	runtime.SetFinalizer(s, func(*int) {})
}
