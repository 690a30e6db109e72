// escapecheck

// A closure that is sent.
package main

func main() {
	jobs := make(chan func() int, 2)
	n := 5
	jobs <- func() int { return n }
	close(jobs)
	for job := range jobs {
		println(job())
	}
}
