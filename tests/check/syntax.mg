// errorcheck
package main

func main() {
	x := 1 +
	if x { // ERROR "syntax error: unexpected keyword if, expected expression"
	}
	for i := 0; i < 10; i++ // ERROR "unexpected newline, expected { after for clause"
	{
	}
}
