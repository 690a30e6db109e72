// A worker pool: a fixed number of goroutines share the work that waits in a
// channel, and send back what they find.
//
// The job is to count the steps the Collatz rule (halve an even number, triple
// an odd one and add one) needs to reach 1.
package main

import (
	"fmt"
	"sync"
)

type result struct {
	number int
	steps  int
}

// collatzSteps counts the steps from n down to 1.
func collatzSteps(n int) int {
	steps := 0
	for n != 1 {
		if n%2 == 0 {
			n /= 2
		} else {
			n = 3*n + 1
		}
		steps++
	}
	return steps
}

// work answers jobs until the channel is closed and empty.
func work(jobs <-chan int, results chan<- result, done *sync.WaitGroup) {
	defer done.Done()
	for number := range jobs {
		results <- result{number, collatzSteps(number)}
	}
}

func main() {
	const (
		workers = 4
		last    = 10000
	)
	jobs := make(chan int, 16)
	results := make(chan result, 16)

	var done sync.WaitGroup
	for i := 0; i < workers; i++ {
		done.Add(1)
		go work(jobs, results, &done)
	}

	// One goroutine hands out the jobs ...
	go func() {
		for number := 1; number <= last; number++ {
			jobs <- number
		}
		close(jobs)
	}()

	// ... and one closes the results when the last worker has finished, so that
	// the loop below ends.
	go func() {
		done.Wait()
		close(results)
	}()

	// Results come in any order: what is printed must not depend on it.
	best := result{}
	answered, total := 0, 0
	for r := range results {
		answered++
		total += r.steps
		if r.steps > best.steps || r.steps == best.steps && r.number < best.number {
			best = r
		}
	}

	fmt.Printf("%d numbers, %d steps in all\n", answered, total)
	fmt.Printf("longest way: %d takes %d steps\n", best.number, best.steps)
}
