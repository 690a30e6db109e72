// parallel
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var wg sync.WaitGroup
	r, w, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	for i := range 20 {
		wg.Go(func() { fmt.Fprintf(w, "%04d\n", i) })
	}
	go func() { wg.Wait(); w.Close() }()
	n, buf := 0, make([]byte, 7)
	for {
		k, err := r.Read(buf)
		n += k
		if err != nil {
			fmt.Println(err)
			break
		}
	}
	fmt.Println(n)
}
