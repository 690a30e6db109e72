// escapejson

// Conversions of strings, sizes of slices, maps and appends.
package main

var kept []string

func words(text string, n int) []string {
	bytes := []byte(text)
	count := map[byte]int{}
	for _, b := range bytes {
		count[b]++
	}
	list := make([]string, 0, n)
	list = append(list, text+"!", string(bytes))
	large := make([]int, 10000)
	small := make([]int, n)
	kept = append(kept, list...)
	return list[:len(list)-len(large)+len(small)-len(count)]
}

func main() { println(len(words("ab", 4))) }
