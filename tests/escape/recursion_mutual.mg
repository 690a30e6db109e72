// escapecheck

// Functions that call each other are looked at together.
package main

type item struct{ next *item }

func even(i *item, n int) *item {
	if n == 0 {
		return i
	}
	return odd(i.next, n-1)
}

func odd(i *item, n int) *item {
	if n == 0 {
		return nil
	}
	return even(i.next, n-1)
}

func main() {
	a := &item{}
	a.next = &item{}
	a.next.next = a
	println(even(a, 2) == a)
}
