// Compares strconv, unicode/utf8 and errors.
package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"strconv"
	"unicode/utf8"

	mgconv "mg/strconv"
	mgutf8 "mg/unicode/utf8"
)

var failures, count int

func compare(what string, ours, theirs any) {
	count++
	if a, b := fmt.Sprintf("%v", ours), fmt.Sprintf("%v", theirs); a != b {
		failures++
		if failures <= 40 {
			fmt.Printf("%s\n  ours:   %s\n  theirs: %s\n", what, a, b)
		}
	}
}

func main() {
	random := rand.New(rand.NewSource(3))
	floats := []float64{0, math.Copysign(0, -1), 1, 0.1, 1e23, 5e-324, math.MaxFloat64, math.Inf(1), math.NaN(), 2.5, 0.125, 1e21, 1e-7,
		math.SmallestNonzeroFloat32, math.MaxFloat32, 1.1754943e-38, 4503599627370497.5, 9007199254740993}
	for range 30000 {
		floats = append(floats, math.Float64frombits(random.Uint64()), float64(random.Intn(1000000))/1000,
			float64(math.Float32frombits(random.Uint32())), math.Ldexp(float64(random.Intn(1<<20)), random.Intn(80)-40))
	}
	for _, f := range floats {
		for _, form := range "eEfgGbxX" {
			if form == 'f' && math.Abs(f) > 1e30 && random.Intn(20) != 0 {
				continue
			}
			prec := random.Intn(25) - 1
			for _, size := range []int{32, 64} {
				what := fmt.Sprintf("FormatFloat(%x, %c, %d, %d)", f, form, prec, size)
				compare(what, mgconv.FormatFloat(f, byte(form), prec, size), strconv.FormatFloat(f, byte(form), prec, size))
				shortest := strconv.FormatFloat(f, byte(form), -1, size)
				compare(what+" shortest", mgconv.FormatFloat(f, byte(form), -1, size), shortest)
				if form != 'b' {
					g, err := mgconv.ParseFloat(shortest, size)
					h, theirErr := strconv.ParseFloat(shortest, size)
					compare("ParseFloat "+shortest, fmt.Sprint(math.Float64bits(g), err), fmt.Sprint(math.Float64bits(h), theirErr))
				}
			}
		}
	}
	alphabet := []string{"0", "1", "7", "9", "a", "f", "x", "X", "b", "o", "_", ".", "e", "E", "p", "P", "+", "-", "inf", "nan", "Infinity", "00", "123", "0x1", "z", " ", "9223372036854775807", "18446744073709551615", "1e400"}
	for range 1500000 {
		s := ""
		for range random.Intn(6) {
			s += alphabet[random.Intn(len(alphabet))]
		}
		size := []int{32, 64}[random.Intn(2)]
		f, err := mgconv.ParseFloat(s, size)
		g, theirErr := strconv.ParseFloat(s, size)
		compare(fmt.Sprintf("ParseFloat(%q, %d)", s, size), fmt.Sprint(math.Float64bits(f), err), fmt.Sprint(math.Float64bits(g), theirErr))
		base, bits := random.Intn(38)-1, random.Intn(67)-1
		if random.Intn(2) == 0 {
			base = 0
		}
		i, err := mgconv.ParseInt(s, base, bits)
		j, theirErr := strconv.ParseInt(s, base, bits)
		compare(fmt.Sprintf("ParseInt(%q, %d, %d)", s, base, bits), fmt.Sprint(i, err), fmt.Sprint(j, theirErr))
		u, err := mgconv.ParseUint(s, base, bits)
		v, theirErr := strconv.ParseUint(s, base, bits)
		compare(fmt.Sprintf("ParseUint(%q, %d, %d)", s, base, bits), fmt.Sprint(u, err), fmt.Sprint(v, theirErr))
		a, err := mgconv.Atoi(s)
		b, theirErr := strconv.Atoi(s)
		compare(fmt.Sprintf("Atoi(%q)", s), fmt.Sprint(a, err), fmt.Sprint(b, theirErr))
	}
	for range 100000 {
		n := int64(random.Uint64()) >> random.Intn(64)
		base := 2 + random.Intn(35)
		compare("FormatInt", mgconv.FormatInt(n, base), strconv.FormatInt(n, base))
		compare("FormatUint", mgconv.FormatUint(uint64(n), base), strconv.FormatUint(uint64(n), base))
		compare("Itoa", mgconv.Itoa(int(n)), strconv.Itoa(int(n)))
	}
	for r := rune(-2); r < 0x110010; r++ {
		if mgconv.IsPrint(r) != strconv.IsPrint(r) || mgconv.IsGraphic(r) != strconv.IsGraphic(r) {
			compare(fmt.Sprintf("IsPrint %U", r), mgconv.IsPrint(r), strconv.IsPrint(r))
			compare(fmt.Sprintf("IsGraphic %U", r), mgconv.IsGraphic(r), strconv.IsGraphic(r))
		}
		if r%7 == 0 || r < 0x3000 {
			compare("QuoteRune", mgconv.QuoteRune(r)+mgconv.QuoteRuneToASCII(r)+mgconv.QuoteRuneToGraphic(r),
				strconv.QuoteRune(r)+strconv.QuoteRuneToASCII(r)+strconv.QuoteRuneToGraphic(r))
		}
	}
	pieces := []string{"a", "\\", "n", "x", "4", "1", "u", "00e9", "U", "0001F600", "\"", "'", "`", "\n", "\r", "é", "世", "\xff", "\xed\xa0\x80", "\xf4\x90\x80\x80", "0", "7", "\t", "\u00a0", "\xe4\xb8", "\x7f", "\ufeff"}
	for range 500000 {
		s := ""
		for range random.Intn(7) {
			s += pieces[random.Intn(len(pieces))]
		}
		compare("Quote", mgconv.Quote(s)+mgconv.QuoteToASCII(s)+mgconv.QuoteToGraphic(s), strconv.Quote(s)+strconv.QuoteToASCII(s)+strconv.QuoteToGraphic(s))
		compare("CanBackquote", mgconv.CanBackquote(s), strconv.CanBackquote(s))
		for _, q := range []string{s, "\"" + s + "\"", "'" + s + "'", "`" + s + "`"} {
			a, err := mgconv.Unquote(q)
			b, theirErr := strconv.Unquote(q)
			compare(fmt.Sprintf("Unquote(%q)", q), fmt.Sprintf("%q %v", a, err), fmt.Sprintf("%q %v", b, theirErr))
			a, err = mgconv.QuotedPrefix(q + "tail")
			b, theirErr = strconv.QuotedPrefix(q + "tail")
			compare(fmt.Sprintf("QuotedPrefix(%q)", q), fmt.Sprintf("%q %v", a, err), fmt.Sprintf("%q %v", b, theirErr))
		}
		v, m, tail, err := mgconv.UnquoteChar(s, '"')
		v2, m2, tail2, theirErr := strconv.UnquoteChar(s, '"')
		compare("UnquoteChar "+s, fmt.Sprint(v, m, tail, err), fmt.Sprint(v2, m2, tail2, theirErr))
		p := []byte(s)
		compare("utf8", fmt.Sprint(mgutf8.Valid(p), mgutf8.ValidString(s), mgutf8.RuneCount(p), mgutf8.RuneCountInString(s), mgutf8.FullRune(p), mgutf8.FullRuneInString(s)),
			fmt.Sprint(utf8.Valid(p), utf8.ValidString(s), utf8.RuneCount(p), utf8.RuneCountInString(s), utf8.FullRune(p), utf8.FullRuneInString(s)))
		r, n := mgutf8.DecodeRune(p)
		r2, n2 := utf8.DecodeRune(p)
		compare("DecodeRune", fmt.Sprint(r, n), fmt.Sprint(r2, n2))
		r, n = mgutf8.DecodeLastRuneInString(s)
		r2, n2 = utf8.DecodeLastRuneInString(s)
		compare("DecodeLastRune", fmt.Sprint(r, n), fmt.Sprint(r2, n2))
	}
	for r := rune(-2); r < 0x110002; r++ {
		if string(mgutf8.AppendRune(nil, r)) != string(utf8.AppendRune(nil, r)) || mgutf8.RuneLen(r) != utf8.RuneLen(r) || mgutf8.ValidRune(r) != utf8.ValidRune(r) {
			compare(fmt.Sprintf("AppendRune %x", r), mgutf8.AppendRune(nil, r), utf8.AppendRune(nil, r))
		}
	}
	fmt.Println(count, "comparisons,", failures, "differences")
	if failures > 0 {
		os.Exit(1)
	}
}
