// escapecheck

// A deferred method of a local.
package main

type lock struct{ held bool }

func (l *lock) acquire() { l.held = true }
func (l *lock) release() { l.held = false }

func critical() bool {
	var l lock
	l.acquire()
	defer l.release()
	return l.held
}

func main() { println(critical()) }
