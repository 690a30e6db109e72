// escapecheck

// A variadic method with a receiver that is kept.
package main

type log struct{ lines []string }

func (l *log) add(lines ...string) *log {
	l.lines = append(l.lines, lines...)
	return l
}

func main() {
	var l log
	println(len(l.add("a").add("b", "c").lines))
}
