// escapecheck -m=2

// What a select receives and converts goes through temporaries.
package main

type T struct{ a *int }

func main() {
	var i any
	var e, ok any
	c := make(chan T, 1)
	d := make(chan int, 1)
	m := map[int]any{}
	x := new(any)
	select {
	case i = <-c:
	case e, ok = <-c:
	case m[1] = <-d:
	case *x = <-d:
	case c <- T{new(int)}:
	case j := <-c:
		_ = j
	case j, ok2 := <-c:
		_, _ = j, ok2
	}
	_, _, _ = i, e, ok
}
