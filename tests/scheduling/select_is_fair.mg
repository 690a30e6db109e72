// parallel
package main

import "fmt"

func main() {
	a, b, c := make(chan int, 1), make(chan int, 1), make(chan int, 1)
	var counts [3]int
	for i := 0; i < 3000; i++ {
		a <- 1
		b <- 1
		c <- 1
		select {
		case <-a:
			counts[0]++
			<-b
			<-c
		case <-b:
			counts[1]++
			<-a
			<-c
		case <-c:
			counts[2]++
			<-a
			<-b
		}
	}
	ok := true
	for _, n := range counts {
		ok = ok && n > 800 && n < 1200
	}
	fmt.Println(ok)
	d := make(chan struct{}, 2)
	d <- struct{}{}
	d <- struct{}{}
	fmt.Println(len(d), cap(d))
	n := 0
	for range 2 {
		select {
		case _, ok := <-d:
			fmt.Println(ok)
			n++
		default:
		}
	}
	select {
	case d <- struct{}{}:
		fmt.Println("sent")
	default:
	}
	fmt.Println(n, len(d))
	var f func() chan int = func() chan int { fmt.Println("chan evaluated"); return nil }
	var g func() int = func() int { fmt.Println("value evaluated"); return 1 }
	select {
	case f() <- g():
	case x := <-f():
		fmt.Println(x)
	default:
		fmt.Println("default")
	}
}
