// A pipeline with cancellation and timeouts.
//
// Three stages are connected by channels: produce -> square -> sum. Closing
// the channel stop ends all of them early: every stage waits in a select for
// either its next value or the end.
package main

import (
	"fmt"
	"time"
)

// produce sends 1, 2, 3, ... until stop is closed.
func produce(stop <-chan struct{}) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := 1; ; n++ {
			select {
			case out <- n:
			case <-stop:
				return
			}
		}
	}()
	return out
}

// square sends the square of each number it gets.
func square(in <-chan int, stop <-chan struct{}) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for n := range in {
			select {
			case out <- n * n:
			case <-stop:
				return
			}
		}
	}()
	return out
}

// receive waits for a value, but not longer than the limit.
func receive(in <-chan int, limit time.Duration) (value int, ok bool) {
	select {
	case value = <-in:
		return value, true
	case <-time.After(limit):
		return 0, false
	}
}

func main() {
	stop := make(chan struct{})
	squares := square(produce(stop), stop)

	sum := 0
	for i := 0; i < 10; i++ {
		value, ok := receive(squares, 5*time.Second)
		if !ok {
			fmt.Println("the pipeline is too slow")
			return
		}
		sum += value
		fmt.Println(value, "makes", sum)
	}

	// End the pipeline. Its last stage closes its channel when it is done;
	// values that were on the way already may still arrive before that.
	close(stop)
	for range squares {
	}
	fmt.Println("the pipeline has ended")

	// Nobody ever sends here: the timeout has to fire.
	silent := make(chan int)
	start := time.Now()
	_, ok := receive(silent, 20*time.Millisecond)
	fmt.Println("value received:", ok)
	fmt.Println("waited long enough:", time.Since(start) >= 20*time.Millisecond)

	// A select with a default case does not wait at all.
	select {
	case <-silent:
		fmt.Println("a value, from nowhere")
	default:
		fmt.Println("nothing there")
	}
}
