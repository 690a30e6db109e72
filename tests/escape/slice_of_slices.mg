// escapecheck

// Rows of a matrix.
package main

func matrix(rows, columns int) [][]int {
	m := make([][]int, rows)
	for i := range m {
		m[i] = make([]int, columns)
	}
	return m
}

func main() {
	fixed := [][]int{{1, 2}, {3}}
	println(len(matrix(2, 3)), len(fixed))
}
