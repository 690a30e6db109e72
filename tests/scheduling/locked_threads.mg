// parallel
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

func thread() string {
	name, err := os.Readlink("/proc/thread-self")
	if err != nil {
		panic(err)
	}
	return name
}

// locked runs as a server on its own thread.
func locked(requests, replies chan int, wg *sync.WaitGroup) {
	defer wg.Done()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own := thread()
	for n := range requests {
		switch n % 4 {
		case 0:
			runtime.Gosched()
		case 1:
			time.Sleep(10 * time.Microsecond)
		case 2:
			runtime.GC()
		}
		if thread() != own {
			fmt.Println("moved")
		}
		replies <- n * n
	}
}

func main() {
	var wg sync.WaitGroup
	requests, replies := make(chan int), make(chan int)
	for range 3 {
		wg.Add(1)
		go locked(requests, replies, &wg)
	}
	stop := make(chan bool)
	for range 2 {
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
					runtime.Gosched()
				}
			}
		}()
	}
	go func() {
		for n := range 200 {
			requests <- n
		}
		close(requests)
	}()
	sum := 0
	for range 200 {
		sum += <-replies
	}
	wg.Wait()
	fmt.Println(sum)

	// Nobody else runs on the thread of a locked goroutine.
	runtime.LockOSThread()
	runtime.LockOSThread()
	own := thread()
	others := make(chan string)
	for range 50 {
		go func() { others <- thread() }()
	}
	for range 50 {
		if <-others == own {
			fmt.Println("shared")
		}
	}
	runtime.UnlockOSThread()
	time.Sleep(time.Millisecond)
	if thread() != own {
		fmt.Println("unlocked too early")
	}
	runtime.UnlockOSThread()
	runtime.UnlockOSThread() // once too often is no mistake
	close(stop)

	// A thread ends with its goroutine.
	ended := make(chan string)
	for range 20 {
		go func() {
			runtime.LockOSThread()
			defer func() { ended <- thread() }()
			runtime.Goexit()
		}()
	}
	names := map[string]bool{}
	for range 20 {
		names[<-ended] = true
	}
	for name := range names {
		for range 50_000 {
			if _, err := os.Stat("/proc/" + name); err != nil {
				delete(names, name)
				break
			}
			runtime.Gosched()
		}
	}
	// But for the first thread of the process.
	fmt.Println(len(names) <= 1)

	// A panic that is recovered does not unlock.
	wg.Go(func() {
		runtime.LockOSThread()
		own := thread()
		func() {
			defer func() { recover() }()
			panic(1)
		}()
		time.Sleep(time.Millisecond)
		fmt.Println(thread() == own)
	})
	wg.Wait()
}
