// Resident bytes of a goroutine that waits for a channel.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

func rss() int {
	b, _ := os.ReadFile("/proc/self/status")
	for _, l := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(l, "VmRSS:") {
			n, _ := strconv.Atoi(strings.Fields(l)[1])
			return n * 1024
		}
	}
	return 0
}

func main() {
	c := make(chan int)
	const n = 100000
	before := rss()
	for range n {
		go func() { <-c }()
	}
	for range 3 {
		runtime.Gosched()
	}
	after := rss()
	fmt.Println(runtime.NumGoroutine(), (after-before)/n, "bytes each")
}
