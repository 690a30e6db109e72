// The prime sieve: a chain of goroutines, one for each prime found so far.
//
// A first goroutine sends the numbers 2, 3, 4, ... into a channel. Each prime
// gets a filter that passes on only the numbers it does not divide. The first
// number that comes out at the end of the chain is the next prime, and gets a
// filter of its own behind the others.
package main

import "fmt"

// generate sends 2, 3, 4, ... to numbers. It never returns: it ends with the
// program.
func generate(numbers chan<- int) {
	for n := 2; ; n++ {
		numbers <- n
	}
}

// filter copies to out what comes from in, without the multiples of prime.
func filter(in <-chan int, out chan<- int, prime int) {
	for {
		n := <-in
		if n%prime != 0 {
			out <- n
		}
	}
}

func main() {
	const count = 50

	// numbers is always the end of the chain.
	numbers := make(chan int)
	go generate(numbers)

	sum := 0
	for i := 1; i <= count; i++ {
		prime := <-numbers
		sum += prime

		fmt.Printf("%4d", prime)
		if i%10 == 0 {
			fmt.Println()
		}

		// Put a filter for the new prime behind the chain.
		filtered := make(chan int)
		go filter(numbers, filtered, prime)
		numbers = filtered
	}
	fmt.Println("sum of the first", count, "primes:", sum)
}
