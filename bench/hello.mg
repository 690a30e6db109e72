// Start to end of the smallest program that uses a library.
package main

import "fmt"

func main() { fmt.Println("hello, world") }
