// parallel
package main

import (
	"errors"
	"fmt"
	"sync"
)

func f(i int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("r %v", r)
		}
	}()
	var p *int
	var a []int
	switch i % 4 {
	case 0:
		return errors.New("e")
	case 1:
		*p = 1
	case 2:
		_ = a[i]
	case 3:
		c := make(chan int)
		close(c)
		c <- 1
	}
	return nil
}

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}

func main() {
	var wg sync.WaitGroup
	var mu sync.Mutex
	m := map[string]int{}
	for w := 0; w < 16; w++ {
		wg.Go(func() {
			for i := 0; i < 200; i++ {
				s := f(i).Error()
				d := deep(i * 20)
				mu.Lock()
				m[s] += d
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	n := 0
	for _, v := range m {
		n += v
	}
	fmt.Println(len(m), n)
}
