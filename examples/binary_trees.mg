// Binary trees: builds and drops many small objects. This is what a garbage
// collector has to be good at; it is the classic benchmark of Hans Boehm.
//
// One long-lived tree stays in memory while many short-lived ones come and go.
package main

import (
	"fmt"
	"os"
	"strconv"
)

type node struct {
	left, right *node
}

// build returns a complete tree: 2 to the power of (depth + 1), less one, nodes.
func build(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{build(depth - 1), build(depth - 1)}
}

// count returns the number of nodes.
func (n *node) count() int {
	if n.left == nil {
		return 1
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	const leastDepth = 4
	depth := 12
	if len(os.Args) > 1 {
		argument, err := strconv.Atoi(os.Args[1])
		if err != nil || argument < leastDepth+2 || argument > 24 {
			fmt.Fprintln(os.Stderr, "usage: binary_trees [depth from 6 to 24]")
			os.Exit(2)
		}
		depth = argument
	}

	fmt.Printf("stretch tree of depth %d\t check: %d\n", depth+1, build(depth+1).count())

	longLived := build(depth)
	for d := leastDepth; d <= depth; d += 2 {
		trees := 1 << uint(depth-d+leastDepth)
		check := 0
		for i := 0; i < trees; i++ {
			check += build(d).count()
		}
		fmt.Printf("%d\t trees of depth %d\t check: %d\n", trees, d, check)
	}
	fmt.Printf("long lived tree of depth %d\t check: %d\n", depth, longLived.count())
}
