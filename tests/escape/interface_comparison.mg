// escapecheck

// A value compared with an interface is boxed where it stands.
package main

func same(v any, n int) bool { return v == n }

func main() { println(same(3, 3)) }
