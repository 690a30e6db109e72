// parallel
package main

import "fmt"

type big struct {
	a [1000]int
	s string
	p *int
}

func main() {
	c := make(chan big, 2)
	d := make(chan [0]int, 3)
	e := make(chan struct {
		x any
		y []string
	})
	go func() {
		for i := range 10 {
			v := big{s: fmt.Sprint("n", i), p: new(int)}
			v.a[999] = i
			*v.p = i * i
			c <- v
			d <- [0]int{}
			e <- struct {
				x any
				y []string
			}{i, []string{fmt.Sprint(i)}}
		}
		close(c)
	}()
	for v := range c {
		<-d
		w := <-e
		fmt.Println(v.a[999], v.s, *v.p, w.x, w.y)
	}
	f := make(chan func() string, 1)
	f <- func() string { return "called" }
	fmt.Println((<-f)())
	g := make(chan chan chan int, 1)
	h := make(chan chan int, 1)
	i := make(chan int, 1)
	g <- h
	h <- i
	i <- 5
	fmt.Println(<-<-<-g)
	var ro <-chan int = i
	var so chan<- int = i
	so <- 1
	fmt.Println(<-ro, ro == i, len(so), cap(ro))
	fmt.Printf("%T %T %v\n", ro, so, ro == nil)
}
