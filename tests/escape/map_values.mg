// escapecheck

// What is put into a map is in the heap.
package main

func main() {
	n, m := 1, 2
	byName := map[string]*int{"n": &n}
	byName["m"] = &m
	println(len(byName))
}
