// escapecheck

// A case that lets its variable escape.
package main

type node struct{ next *node }

var kept *node

func keep(v any) {
	switch t := v.(type) {
	case *node:
		kept = t
	case node:
		kept = &t
	}
}

func main() {
	keep(&node{})
	keep(node{})
}
