// run
package main

import (
	"fmt"
	"path"
	"runtime"
)

func where() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprint(path.Base(file), ":", line)
}

//line gen.y:100
func f() {
	fmt.Println(where())
	/*line other.y:7:3*/ fmt.Println(where())
	fmt.Println(where())
//line /abs/path.y:1
	fmt.Println(where())
	x := `
//line fake.y:9
`
	fmt.Println(where(), len(x))
}

//line last.y:40
func main() {
	f()
	fmt.Println(where())
}
