// panic exit=7
package main

import "os"

func main() {
	defer println("never")
	os.Stdout.WriteString("out\n")
	os.Exit(7)
}
