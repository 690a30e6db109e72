// escapecheck

// A worker that stops.
package main

type job struct{ n *int }

func work(jobs chan job, quit chan bool) (sum int) {
	for {
		select {
		case j := <-jobs:
			sum += *j.n
		case <-quit:
			return
		}
	}
}

func main() {
	jobs, quit := make(chan job), make(chan bool)
	go func() {
		n := 3
		jobs <- job{&n}
		quit <- true
	}()
	println(work(jobs, quit))
}
