// Compares scanning: random inputs and formats over operands of all kinds.
package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand"
	"os"
	"strings"

	mgfmt "mg/fmt"
	mgio "mg/io"
)

type operands struct {
	i   int
	i8  int8
	u   uint
	u16 uint16
	f   float64
	f32 float32
	s   string
	b   []byte
	t   bool
	r   rune
	n   named
	m   text
}

type (
	named int16
	text  string
)

func (o *operands) pointers(which []int) []any {
	all := []any{&o.i, &o.i8, &o.u, &o.u16, &o.f, &o.f32, &o.s, &o.b, &o.t, &o.r, &o.n, &o.m, o.i}
	var list []any
	for _, i := range which {
		list = append(list, all[i])
	}
	return list
}

type onlyReader struct{ io.Reader }

// The library has an io.EOF of its own.
type translated struct{ io.Reader }

func translate(err error) error {
	if err == io.EOF {
		return mgio.EOF
	}
	return err
}

func (t translated) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	return n, translate(err)
}

type translatedRunes struct {
	translated
	io.RuneScanner
}

func (t translatedRunes) ReadRune() (rune, int, error) {
	r, n, err := t.RuneScanner.ReadRune()
	return r, n, translate(err)
}

func forOurs(r io.Reader) mgio.Reader {
	if runes, ok := r.(io.RuneScanner); ok {
		return translatedRunes{translated{r}, runes}
	}
	return translated{r}
}

func result(n int, err error, o *operands, rest string) string {
	return fmt.Sprintf("%d %v %+v %q", n, err, *o, rest)
}

func main() {
	random := rand.New(rand.NewSource(2))
	inputs := []string{"1", "-12", "300", "0x1f", "0b101", "0o17", "017", "1_000", "3.5", "-1e3", "2p3", "0x1p-2", "nan", "Inf", "hello",
		"世界", "\"quoted \\n x\"", "`raw`", "true", "False", "tru", "\n", "\r\n", " ", "  ", "\t", "%", "abc", "6162", "U+1F", "99999999999999999999", "+5", ".", ",", ":", "\xff"}
	formats := []string{"%d", "%v", "%s", "%q", "%x", "%c", "%5d", "%2s", "%3v", "%f", "%t", "%U", "%o", "%b", "%X", "%e", " ", "\n", ",", ":", "%%", "%", "a", "%z", "世"}
	failures, count := 0, 0
	compare := func(what, ours, theirs string) {
		count++
		if ours != theirs {
			failures++
			if failures <= 20 {
				fmt.Printf("%s\n  ours:   %s\n  theirs: %s\n", what, ours, theirs)
			}
		}
	}
	for range 400000 {
		input := ""
		for range random.Intn(6) {
			input += inputs[random.Intn(len(inputs))]
			if random.Intn(2) == 0 {
				input += " "
			}
		}
		format := ""
		for range random.Intn(5) {
			format += formats[random.Intn(len(formats))]
		}
		var which []int
		for range random.Intn(4) {
			which = append(which, random.Intn(13))
		}
		what := fmt.Sprintf("%q format %q operands %v", input, format, which)
		var a, b operands
		n, err := mgfmt.Sscan(input, a.pointers(which)...)
		m, theirErr := fmt.Sscan(input, b.pointers(which)...)
		compare("Sscan "+what, result(n, err, &a, ""), result(m, theirErr, &b, ""))
		a, b = operands{}, operands{}
		n, err = mgfmt.Sscanln(input, a.pointers(which)...)
		m, theirErr = fmt.Sscanln(input, b.pointers(which)...)
		compare("Sscanln "+what, result(n, err, &a, ""), result(m, theirErr, &b, ""))
		a, b = operands{}, operands{}
		n, err = mgfmt.Sscanf(input, format, a.pointers(which)...)
		m, theirErr = fmt.Sscanf(input, format, b.pointers(which)...)
		compare("Sscanf "+what, result(n, err, &a, ""), result(m, theirErr, &b, ""))
		// Twice from one reader, with and without UnreadRune.
		for kind := range 2 {
			var ours, theirs io.Reader = strings.NewReader(input), strings.NewReader(input)
			if kind == 1 {
				ours, theirs = bufio.NewReader(onlyReader{ours}), bufio.NewReader(onlyReader{theirs})
			}
			if random.Intn(2) == 0 {
				ours, theirs = onlyReader{ours}, onlyReader{theirs}
			}
			a, b = operands{}, operands{}
			for range 2 {
				n, err = mgfmt.Fscan(forOurs(ours), a.pointers(which)...)
				m, theirErr = fmt.Fscan(theirs, b.pointers(which)...)
				compare("Fscan "+what, result(n, err, &a, ""), result(m, theirErr, &b, ""))
			}
			rest, _ := io.ReadAll(ours)
			theirRest, _ := io.ReadAll(theirs)
			compare("rest "+what, string(rest), string(theirRest))
		}
	}
	fmt.Println(count, "comparisons,", failures, "differences")
	if failures > 0 {
		os.Exit(1)
	}
}
