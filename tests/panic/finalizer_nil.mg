// panic exit=2
package main

import "runtime"

func main() {
	runtime.SetFinalizer(nil, func(*int) {})
}
