// escapecheck

// new with a value makes a variable.
package main

func pointer() *int { return new(3) }

func main() {
	p := new(4)
	q := new([]int{1})
	println(*pointer(), *p, len(*q))
}
