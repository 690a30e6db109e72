// escapecheck

// A concrete value returned as an interface.
package main

type failure struct{ code int }

func (f failure) Error() string { return "failed" }

func check(n int) error {
	if n > 0 {
		return failure{n}
	}
	return nil
}

func main() { println(check(1) != nil, check(0) != nil) }
