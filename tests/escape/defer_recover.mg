// escapecheck

// Recovering in a deferred literal.
package main

func safe(f func()) (err any) {
	defer func() {
		err = recover()
	}()
	f()
	return
}

func main() { println(safe(func() { panic("no") }) != nil) }
