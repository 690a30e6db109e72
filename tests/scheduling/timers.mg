// parallel
package main

import (
	"fmt"
	"time"
)

func main() {
	t := time.NewTimer(5 * time.Millisecond)
	fmt.Println(cap(t.C), len(t.C))
	time.Sleep(20 * time.Millisecond)
	fmt.Println("len after fire", len(t.C), cap(t.C))
	fmt.Println("stop after fire", t.Stop())
	select {
	case <-t.C:
		fmt.Println("stale")
	default:
		fmt.Println("no stale")
	}
	fmt.Println("reset stopped", t.Reset(5*time.Millisecond))
	time.Sleep(20 * time.Millisecond)
	start := time.Now()
	fmt.Println("reset fired", t.Reset(30*time.Millisecond))
	<-t.C
	d := time.Since(start)
	fmt.Println("waited", d > 25*time.Millisecond)
	fmt.Println("stop after recv", t.Stop())
	fmt.Println("reset after recv", t.Reset(time.Hour))
	fmt.Println("stop", t.Stop(), t.Stop())
	f := time.AfterFunc(time.Hour, func() { fmt.Println("called") })
	fmt.Println(f.C == nil, f.Reset(time.Millisecond))
	time.Sleep(20 * time.Millisecond)
	fmt.Println(f.Stop(), f.Reset(time.Millisecond))
	time.Sleep(20 * time.Millisecond)
	tk := time.NewTicker(5 * time.Millisecond)
	time.Sleep(30 * time.Millisecond)
	n := 0
loop:
	for {
		select {
		case <-tk.C:
			n++
		default:
			break loop
		}
	}
	fmt.Println("ticks buffered", n)
	<-tk.C
	tk.Stop()
	time.Sleep(15 * time.Millisecond)
	select {
	case <-tk.C:
		fmt.Println("tick after stop")
	default:
		fmt.Println("no tick after stop")
	}
	tk.Reset(2 * time.Millisecond)
	<-tk.C
	fmt.Println("ticker reset ok")
	time.Sleep(10 * time.Millisecond)
	tk.Reset(time.Hour)
	select {
	case <-tk.C:
		fmt.Println("stale tick")
	default:
		fmt.Println("no stale tick")
	}
	var z time.Timer
	func() {
		defer func() { fmt.Println(recover()) }()
		z.Stop()
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		z.Reset(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		time.NewTicker(0)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		tk.Reset(-1)
	}()
	var zt time.Ticker
	func() {
		defer func() { fmt.Println(recover()) }()
		zt.Stop()
		zt.Reset(5)
	}()
	fmt.Println(time.Tick(0) == nil)
}
