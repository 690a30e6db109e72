// panic exit=2
package main

import "sync"

func main() {
	var m sync.RWMutex
	m.RLock()
	m.RUnlock()
	m.RUnlock()
}
