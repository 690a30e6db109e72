// The dining philosophers: five philosophers sit at a round table, with one
// fork between each two neighbours. To eat, one needs both neighbouring forks.
//
// If each took the left fork first, all could end up holding one fork and wait
// for the other one for ever. Here everyone takes the fork with the lower
// number first; then that cannot happen.
package main

import (
	"fmt"
	"sync"
)

const (
	seats = 5
	meals = 100
)

// A table knows which forks are in use. A fork is a mutex: who has locked it
// holds it.
type table struct {
	forks [seats]sync.Mutex

	// The rest is guarded by check: it only watches that all goes well.
	check    sync.Mutex
	eating   [seats]bool
	eaten    [seats]int
	mistakes int
}

// startEating notes that a philosopher eats, and that the neighbours do not.
func (t *table) startEating(seat int) {
	t.check.Lock()
	defer t.check.Unlock()
	left, right := (seat+seats-1)%seats, (seat+1)%seats
	if t.eating[left] || t.eating[right] {
		t.mistakes++
	}
	t.eating[seat] = true
	t.eaten[seat]++
}

func (t *table) stopEating(seat int) {
	t.check.Lock()
	defer t.check.Unlock()
	t.eating[seat] = false
}

// dine is the life of the philosopher at a seat.
func (t *table) dine(seat int, done *sync.WaitGroup) {
	defer done.Done()
	first, second := seat, (seat+1)%seats
	if second < first {
		first, second = second, first
	}
	for i := 0; i < meals; i++ {
		t.forks[first].Lock()
		t.forks[second].Lock()
		t.startEating(seat)
		t.stopEating(seat)
		t.forks[second].Unlock()
		t.forks[first].Unlock()
	}
}

func main() {
	names := [seats]string{"Aristotle", "Diotima", "Hypatia", "Plato", "Socrates"}

	var table table
	var done sync.WaitGroup
	done.Add(seats)
	for seat := range names {
		go table.dine(seat, &done)
	}
	done.Wait()

	for seat, name := range names {
		fmt.Printf("%-10s has eaten %d times\n", name, table.eaten[seat])
	}
	fmt.Println("neighbours seen eating together:", table.mistakes)
}
