// seeded
package main

// Who reads and writes what through pipes is part of the schedule, although the reads and writes are system calls that wait.

import (
	"fmt"
	"os"
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	var pipes [3][2]*os.File
	for i := range pipes {
		r, w, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		pipes[i] = [2]*os.File{r, w}
	}
	for i := range 6 {
		wg.Go(func() {
			_, w := pipes[i%3][0], pipes[i%3][1]
			for k := range 4 {
				if k == i%4 {
					time.Sleep(time.Microsecond)
				}
				fmt.Fprintf(w, "%d%d", i, k)
			}
		})
		wg.Go(func() {
			r, buf := pipes[i%3][0], make([]byte, 2)
			for range 4 {
				n, err := r.Read(buf)
				fmt.Println(i, string(buf[:n]), err)
			}
		})
	}
	wg.Wait()
	// More than a pipe holds.
	r, w := pipes[0][0], pipes[0][1]
	wg.Go(func() {
		n, err := w.Write(make([]byte, 200_000))
		fmt.Println("wrote", n, err)
		w.Close()
	})
	sum, buf := 0, make([]byte, 50_000)
	for {
		n, err := r.Read(buf)
		sum += n
		if err != nil {
			fmt.Println(sum, err)
			break
		}
	}
	wg.Wait()
	// Nobody writes for a while.
	began := time.Now()
	time.AfterFunc(3*time.Millisecond, func() { pipes[1][1].Write([]byte("late")) })
	n, err := pipes[1][0].Read(buf)
	fmt.Println(string(buf[:n]), err, time.Since(began))
}
