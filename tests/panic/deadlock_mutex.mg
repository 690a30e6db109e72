// panic exit=2
package main

import "sync"

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	wg.Add(1)
	go func() { mu.Lock(); mu.Lock(); wg.Done() }()
	wg.Wait()
}
