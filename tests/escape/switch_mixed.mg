// escapecheck

// A switch that compares values with interfaces makes interfaces of all.
package main

func kind(n int, v any) string {
	switch n {
	case v:
		return "same"
	case 1, n + 1:
		return "one"
	}
	return "other"
}

func truth(v any) string {
	switch {
	case v:
		return "yes"
	case false:
		return "never"
	}
	return "no"
}

func main() { println(kind(1, 2), truth(true)) }
