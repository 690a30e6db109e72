// escapecheck

// A binary tree, inserted into by recursion.
package main

type tree struct {
	left, right *tree
	key         int
}

func insert(t *tree, key int) *tree {
	if t == nil {
		return &tree{key: key}
	}
	if key < t.key {
		t.left = insert(t.left, key)
	} else {
		t.right = insert(t.right, key)
	}
	return t
}

func depth(t *tree) int {
	if t == nil {
		return 0
	}
	return 1 + max(depth(t.left), depth(t.right))
}

func main() {
	var root *tree
	for _, k := range []int{3, 1, 2} {
		root = insert(root, k)
	}
	println(depth(root))
}
