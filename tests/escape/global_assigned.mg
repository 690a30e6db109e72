// escapecheck

// Package variables are in no frame.
package main

type config struct{ limits []int }

var current *config

var names = []string{"a", "b"}

func load() {
	c := config{limits: []int{1, 2}}
	current = &c
}

func main() {
	load()
	println(len(current.limits), len(names))
}
