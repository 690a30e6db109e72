// escapecheck

// Ranging over all kinds of things.
package main

func main() {
	var sum int
	for _, v := range [3]int{1, 2, 3} {
		sum += v
	}
	for _, p := range []*int{new(int)} {
		sum += *p
	}
	for k, v := range map[string]int{"a": 1} {
		sum += len(k) + v
	}
	for _, r := range "aé" {
		sum += int(r)
	}
	for i := range len("abc") {
		sum += i
	}
	println(sum)
}
