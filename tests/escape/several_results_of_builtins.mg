// escapecheck

// The values of a call as the arguments of a builtin.
package main

func slices() ([]byte, string) { return make([]byte, 2), "ab" }

func entry() (map[string]int, string) { return map[string]int{"a": 1}, "a" }

func items() ([]any, int, string) { return nil, 1, "a" }

func main() {
	println(copy(slices()))
	delete(entry())
	println(len(append(items())))
}
