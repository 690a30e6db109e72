// errorcheck
package main

// Go takes this file. What is refused is not looked into, so nothing is said of what it may use.

import (
	"fmt"
	"strings"
)

func first[T any](list []T) T { // ERROR "not supported yet by MiniGo"
	fmt.Println(strings.Repeat("-", 3))
	return list[0]
}

func main() {}
