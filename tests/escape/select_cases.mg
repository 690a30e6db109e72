// escapecheck

// Sends and receives in a select.
package main

func main() {
	in, out := make(chan *int, 1), make(chan *int, 1)
	x, y := 1, 2
	in <- &x
	select {
	case p := <-in:
		println(*p)
	case out <- &y:
	default:
	}
}
