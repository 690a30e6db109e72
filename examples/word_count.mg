// Counts the lines, words and bytes of standard input, and lists the words
// that occur most often.
//
//	minigo run examples/word_count.mg < some.txt
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"unicode"
)

// A wordCount is a word and how often it occurs.
type wordCount struct {
	word  string
	count int
}

// notInWord tells where words end: they are made of letters and apostrophes.
func notInWord(c rune) bool {
	return !unicode.IsLetter(c) && c != '\''
}

func main() {
	counts := make(map[string]int)
	lines, words, bytes := 0, 0, 0

	// A Scanner reads line by line; each line comes without its line break.
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		line := scanner.Text()
		lines++
		bytes += len(line) + 1
		for _, word := range strings.FieldsFunc(line, notInWord) {
			words++
			counts[strings.ToLower(word)]++
		}
	}
	if err := scanner.Err(); err != nil {
		fmt.Fprintln(os.Stderr, "word_count:", err)
		os.Exit(1)
	}

	// A map has no order: collect its entries and sort them, the most frequent
	// first and words of equal count by the alphabet.
	ranking := make([]wordCount, 0, len(counts))
	for word, count := range counts {
		ranking = append(ranking, wordCount{word, count})
	}
	sort.Slice(ranking, func(i, j int) bool {
		if ranking[i].count != ranking[j].count {
			return ranking[i].count > ranking[j].count
		}
		return ranking[i].word < ranking[j].word
	})

	fmt.Printf("%d lines, %d words (%d different), %d bytes\n", lines, words, len(counts), bytes)
	for i, entry := range ranking {
		if i == 10 {
			break
		}
		fmt.Printf("%3d. %-10s %3d %s\n", i+1, entry.word, entry.count, strings.Repeat("*", entry.count))
	}
}
