// escapecheck

// What library functions are given.
package main

import (
	"errors"
	"fmt"
	"strings"
)

var errEmpty = errors.New("empty")

func check(s string) error {
	if s == "" {
		return errEmpty
	}
	return fmt.Errorf("bad: %q", s)
}

func main() {
	var b strings.Builder
	b.WriteString("a")
	fmt.Fprintf(&b, "%d", 3)
	fmt.Println(b.String(), check("x"))
}
