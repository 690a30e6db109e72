// Prints a program of about as many lines as its argument says, to measure how the compiler's time grows: every
// function allocates, calls others, keeps closures, boxes values and loops.
//
//	minigo run bench/many_functions.mg 10000 > big.mg
//	MINIGODEBUG=compiletrace=1 minigo run big.mg
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

const linesOfAGroup = 40

func group(out *bufio.Writer, n int) {
	next := func(step int) string {
		if n < step {
			return "weighed(nil)"
		}
		return fmt.Sprintf("build%d(depth-1, low)", n-step)
	}
	fmt.Fprintf(out, `
type node%[1]d struct {
	value       int
	left, right *node%[1]d
	visit       func(int) int
	name        string
}

func (n *node%[1]d) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

func (n *node%[1]d) Weight() int { return len(n.name) + n.sum() }

func build%[1]d(depth, low int) weighed {
	if depth == 0 {
		return nil
	}
	local := [4]int{low, depth, 3, 4}
	first := &local[depth&3]
	root := &node%[1]d{value: low}
	for i := range local {
		at := &node%[1]d{value: *first + i}
		at.visit = func(n int) int { return n + at.value + local[i] }
		root.left, root.right = at, root.left
		root.value += at.visit(i)
	}
	parts := []string{"a", strconv.Itoa(root.value)}
	parts = append(parts, parts...)
	index := map[string]*int{}
	for i, part := range parts {
		index[part+root.name] = &local[i&3]
	}
	root.name = fmt.Sprint(len(index), parts, *first)
	if other := %[2]s; other != nil {
		return heavier(root, other)
	}
	return root
}
`, n, next(1))
}

func main() {
	lines := 1000
	if len(os.Args) > 1 {
		lines, _ = strconv.Atoi(os.Args[1])
	}
	groups := max(1, lines/linesOfAGroup)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprint(out, `package main

import (
	"fmt"
	"strconv"
)

type weighed interface{ Weight() int }

func heavier(one, other weighed) weighed {
	if one.Weight() < other.Weight() {
		return other
	}
	return one
}
`)
	for n := range groups {
		group(out, n)
	}
	fmt.Fprintf(out, "\nfunc main() { fmt.Println(build%d(3, 1).Weight()) }\n", groups-1)
}
