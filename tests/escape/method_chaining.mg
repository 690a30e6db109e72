// escapecheck

// Calls that return their receiver.
package main

type builder struct{ parts []string }

func (b *builder) add(s string) *builder {
	b.parts = append(b.parts, s)
	return b
}

func (b *builder) size() int { return len(b.parts) }

func main() { println((&builder{}).add("a").add("b").size()) }
