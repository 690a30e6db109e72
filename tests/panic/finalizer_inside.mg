// panic exit=2
package main

import "runtime"

var kept *[4]*int

func main() {
	kept = new([4]*int)
	runtime.SetFinalizer(&kept[1], func(**int) {})
}
