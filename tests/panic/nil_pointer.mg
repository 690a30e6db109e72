// panic exit=2
package main

type T struct{ a, b int }

func f(t *T) int { return t.b }

func main() { f(nil) }
