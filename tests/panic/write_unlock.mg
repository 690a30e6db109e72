// panic exit=2
package main

import "sync"

func main() {
	var mu sync.RWMutex
	mu.Unlock()
}
