// run
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// Programs print errors with %T and %#v: the library's types have Go's names.

func main() {
	_, number := strconv.Atoi("x")
	_, open := os.Open("/does/not/exist")
	_, parsed := time.Parse("2006", "x")
	for _, err := range []error{
		errors.New("a"), number, open, errors.Unwrap(open), parsed, io.EOF,
		fmt.Errorf("plain"), fmt.Errorf("%w", io.EOF), fmt.Errorf("%w %w", io.EOF, io.EOF),
		errors.Join(io.EOF, io.EOF), context.Canceled, context.DeadlineExceeded,
	} {
		fmt.Printf("%T %v\n", err, err)
	}
	for _, f := range []func(){
		func() { var s []int; i := 3; _ = s[i] },
		func() { s := []int{1}; _ = [2]int(s) },
		func() { var m map[int]int; m[1] = 1 },
		func() { zero := 0; _ = 1 / zero },
		func() { var a any; _ = a.(int) },
		func() { panic(nil) },
	} {
		func() {
			defer func() { fmt.Printf("%T\n", recover()) }()
			f()
		}()
	}
}
