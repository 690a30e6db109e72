// run

// Moving, comparing, searching and joining texts of every short length, against loops over their bytes.
package main

import (
	"bytes"
	"fmt"
	"strings"
)

const longest = 80

// text has a different byte at almost every place.
func text(length, seed int) []byte {
	made := make([]byte, length)
	for i := range made {
		made[i] = byte('a' + (i*7+seed)%23)
	}
	return made
}

func order(left, right string) int {
	for i := 0; i < len(left) && i < len(right); i++ {
		if left[i] != right[i] {
			if left[i] < right[i] {
				return -1
			}
			return 1
		}
	}
	return len(left) - len(right)
}

func sign(order int) int {
	switch {
	case order < 0:
		return -1
	case order > 0:
		return 1
	}
	return 0
}

func index(where string, what byte) int {
	for i := 0; i < len(where); i++ {
		if where[i] == what {
			return i
		}
	}
	return -1
}

func moves() (wrong int) {
	for length := 0; length <= longest; length++ {
		for shift := -17; shift <= 17; shift++ {
			buffer := text(longest+40, 3)
			before := string(buffer)
			from := 20
			to := from + shift
			copy(buffer[to:to+length], buffer[from:from+length])
			for i := range buffer {
				expected := before[i]
				if to <= i && i < to+length {
					expected = before[i-shift]
				}
				if buffer[i] != expected {
					wrong++
				}
			}
		}
		grown := append([]byte("start"), text(length, 1)...)
		if len(grown) != 5+length || string(grown[:5]) != "start" || string(grown[5:]) != string(text(length, 1)) {
			wrong++
		}
		for _, rest := range grown[len(grown):cap(grown)] {
			if rest != 0 {
				wrong++
			}
		}
	}
	return wrong
}

func comparisons() (wrong int) {
	for length := 0; length <= longest; length++ {
		left := string(text(length, 5))
		for place := 0; place < length; place++ {
			changed := []byte(left)
			changed[place]++
			right := string(changed)
			if left == right || !(left < right) || right <= left || bytes.Equal([]byte(left), changed) {
				wrong++
			}
			for _, cut := range []int{place, place + 1, length} {
				if sign(strings.Compare(left[:cut], right)) != sign(order(left[:cut], right)) ||
					(left[:cut] < right) != (order(left[:cut], right) < 0) ||
					(left[:cut] == right) != (order(left[:cut], right) == 0) {
					wrong++
				}
			}
		}
		if again := string(text(length, 5)); left != again || left < again || left > again {
			wrong++
		}
	}
	return wrong
}

func searches() (wrong int) {
	for length := 0; length <= longest; length++ {
		where := string(text(length, 2))
		for _, what := range []byte("abcdwxyz{\x00\xff") {
			if strings.IndexByte(where, what) != index(where, what) || bytes.IndexByte([]byte(where), what) != index(where, what) {
				wrong++
			}
			// What follows the string in memory is not part of it.
			if cut := where[:length/2]; strings.IndexByte(cut, what) != index(cut, what) {
				wrong++
			}
		}
		for cut := 0; cut < length; cut++ {
			if found := strings.Index(where, where[cut:]); found > cut || where[found:found+length-cut] != where[cut:] {
				wrong++
			}
		}
	}
	return wrong
}

func joined(parts ...string) string {
	all := ""
	for _, part := range parts {
		all = all + part
	}
	return all
}

func concatenations() (wrong int) {
	for length := 0; length <= longest; length++ {
		left, right := string(text(length, 1)), string(text(longest-length, 2))
		two, three, four := left+right, left+right+left, left+":"+right+left
		if two != joined(left, right) || three != joined(left, right, left) || four != joined(left, ":", right, left) {
			wrong++
		}
		if len(two) != longest || two[:length] != left || two[length:] != right {
			wrong++
		}
		if string([]byte(left)) != left || string([]rune(left)) != left || len([]byte(left)) != length {
			wrong++
		}
		if shared := left + ""; shared != left {
			wrong++
		}
	}
	return wrong
}

func main() {
	fmt.Println(moves(), comparisons(), searches(), concatenations())
	var none []byte
	fmt.Println(strings.IndexByte("", 'a'), bytes.IndexByte(none, 0), copy(none, none), string(none) == "", "" < "a", "" == "")
}
