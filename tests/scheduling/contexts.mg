// parallel
package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

type key string

func main() {
	bg := context.Background()
	ctx, cancel := context.WithTimeout(bg, 10*time.Millisecond)
	<-ctx.Done()
	fmt.Println(ctx.Err(), context.Cause(ctx), errors.Is(ctx.Err(), context.DeadlineExceeded))
	cancel()
	fmt.Println(ctx.Err())
	c2, cc := context.WithCancelCause(bg)
	c3, cancel3 := context.WithCancel(c2)
	c4 := context.WithValue(c3, key("k"), 7)
	defer cancel3()
	cc(errors.New("why"))
	<-c4.Done()
	fmt.Println(c4.Err(), context.Cause(c4), c4.Value(key("k")), c4.Value(key("z")))
	cc(errors.New("second"))
	fmt.Println(context.Cause(c2))
	c5, cancel5 := context.WithTimeoutCause(bg, 5*time.Millisecond, errors.New("too slow"))
	defer cancel5()
	<-c5.Done()
	fmt.Println(c5.Err(), context.Cause(c5))
	c6, cancel6 := context.WithDeadlineCause(bg, time.Now().Add(-time.Second), errors.New("past"))
	defer cancel6()
	fmt.Println(c6.Err(), context.Cause(c6))
	done := make(chan bool)
	c7, cancel7 := context.WithCancel(bg)
	stop := context.AfterFunc(c7, func() { fmt.Println("after"); done <- true })
	cancel7()
	<-done
	fmt.Println(stop())
	c8, cancel8 := context.WithCancel(bg)
	stop8 := context.AfterFunc(c8, func() { fmt.Println("never") })
	fmt.Println(stop8(), stop8())
	cancel8()
	w := context.WithoutCancel(c4)
	fmt.Println(w.Err(), w.Done() == nil, w.Value(key("k")), context.Cause(w))
	fmt.Println(bg, context.TODO(), c7, c4, w)
	d, ok := c5.Deadline()
	fmt.Println(!d.IsZero(), ok)
	var e interface{ Timeout() bool }
	fmt.Println(errors.As(c5.Err(), &e) && e.Timeout())
	try(func() { context.WithCancel(nil) })
	try(func() { context.WithValue(bg, nil, 1) })
	try(func() { context.WithValue(bg, []int{}, 1) })
	fmt.Printf("%v %v\n", context.Canceled, context.DeadlineExceeded)
}

func try(f func()) {
	defer func() { fmt.Println(recover()) }()
	f()
}
