// parallel
// Timers that many goroutines wait for, stop and set at the same time: each time is received once, none after Stop.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// everySettingIsReceivedOnce has several receivers for one timer that is set again and again.
func everySettingIsReceivedOnce() {
	timer := time.NewTimer(time.Hour)
	var received atomic.Int64
	quit := make(chan bool)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-timer.C:
					received.Add(1)
				case <-quit:
					return
				}
			}
		})
	}
	pending := int64(0)
	for range 200 {
		if timer.Reset(50 * time.Microsecond) {
			pending++ // the time before this one was not received
		}
		time.Sleep(60 * time.Microsecond)
	}
	if timer.Stop() {
		pending++
	}
	time.Sleep(2 * time.Millisecond)
	close(quit)
	group.Wait()
	// The first setting, of an hour, was pending too.
	fmt.Println(received.Load()+pending == 201)
}

// aStoppedTickerIsSilent stops tickers that others wait for.
func aStoppedTickerIsSilent() {
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			ticker := time.NewTicker(time.Duration(100+i) * time.Microsecond)
			last := <-ticker.C
			for range 20 {
				next := <-ticker.C
				if !next.After(last) {
					panic("ticks go back")
				}
				last = next
			}
			ticker.Stop()
			select {
			case <-ticker.C:
				panic("a tick after Stop")
			case <-time.After(time.Millisecond):
			}
			ticker.Reset(time.Microsecond)
			<-ticker.C
			ticker.Stop()
		})
	}
	group.Wait()
}

// nobodyKeepsThem makes timers that nobody ever stops.
func nobodyKeepsThem() {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	ready := make(chan int, 1)
	for range 3000 {
		ready <- 1
		select {
		case <-ready:
		case <-time.After(time.Hour):
		}
	}
	blocked := make(chan int)
	go func() {
		for range 3000 {
			blocked <- 1
		}
	}()
	for range 3000 {
		select {
		case <-blocked:
		case <-time.After(time.Hour):
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Println(after.HeapObjects < before.HeapObjects+1000)
}

func main() {
	everySettingIsReceivedOnce()
	aStoppedTickerIsSilent()
	nobodyKeepsThem()
	start := time.Now()
	first, second := time.After(time.Hour), time.After(time.Millisecond)
	select {
	case <-first:
		fmt.Println("first")
	case at := <-second:
		fmt.Println("second", at.Sub(start) >= time.Millisecond)
	}
}
