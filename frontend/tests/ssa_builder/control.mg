package main

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int:
		if v > 3 {
			return "big"
		}
	case string, []byte:
		_ = v
		return "text"
	default:
		return "other"
	}
	return "small"
}

func table(n int) int {
	switch n {
	case 1:
		n = 10
		fallthrough
	case 2:
		n++
	case 3, 4, 5:
		return 5
	default:
		return -1
	}
	return n
}

func loops(m map[string]int, s string, c chan int) (sum int) {
outer:
	for _, v := range m {
		for i, r := range s {
			if r == 'x' {
				continue outer
			}
			if i > v {
				break outer
			}
			sum += i
		}
	}
	for v := range c {
		sum += v
	}
	for i := range 3 {
		sum -= i
	}
	array := [3]int{1, 2, 3}
	for i, v := range array {
		array[2] = i
		sum += v
	}
again:
	sum++
	if sum < 10 {
		goto again
	}
	select {
	case v, ok := <-c:
		if ok {
			sum += v
		}
	case c <- sum:
	default:
	}
	return
}

func main() {
	println(classify(3), table(1), loops(nil, "", nil))
}
