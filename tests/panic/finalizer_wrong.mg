// panic exit=2
package main

import "runtime"

func main() {
	runtime.SetFinalizer(new(error), func(p *error, n int) {})
}
