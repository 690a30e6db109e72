// escapecheck

// A received value that becomes an interface goes through a temporary.
package main

func main() {
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	var v, ok any
	m := map[string]any{}
	select {
	case v = <-c:
	}
	select {
	case m["a"] = <-c:
	}
	select {
	case v, ok = <-c:
	}
	println(v != nil, ok != nil, len(m))
}
