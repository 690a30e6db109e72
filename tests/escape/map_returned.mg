// escapecheck

// A map that is returned, made in three ways.
package main

func literal() map[string]int { return map[string]int{"a": 1} }

func made() map[string]int { return make(map[string]int, 10) }

func filled() (m map[int][]int) {
	m = map[int][]int{}
	m[1] = []int{1, 2}
	return
}

func main() { println(len(literal()), len(made()), len(filled())) }
