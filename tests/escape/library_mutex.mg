// escapecheck

// Values with methods on their address.
package main

import "sync"

type safe struct {
	mu sync.Mutex
	n  int
}

func (s *safe) add() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

func main() {
	var s safe
	var group sync.WaitGroup
	group.Add(1)
	go func() {
		defer group.Done()
		s.add()
	}()
	group.Wait()
	println(s.n)
}
