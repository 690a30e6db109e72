// escapecheck

package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sort"
	"bytes"
)

func a(s string) int { n, _ := strconv.Atoi(s); return n }
func b(s string) int64 { n, _ := strconv.ParseInt(s, 10, 64); return n }
func c(s string) float64 { n, _ := strconv.ParseFloat(s, 64); return n }
func d(s string) string { n, _ := strconv.Unquote(s); return n }
func e(s string) bool { n, _ := strconv.ParseBool(s); return n }
func f(s string) uint64 { n, _ := strconv.ParseUint(s, 10, 64); return n }
func g(s, t string) []string { return strings.Split(s, t) }
func h(s, t string) string { return strings.Replace(s, t, "x", 1) }
func i(s []string) { sort.Strings(s) }
func j(s []int) { sort.Slice(s, func(i, j int) bool { return s[i] < s[j] }) }
func k(s string) string { return strings.ToUpper(s) }
func l(s string) []string { return strings.Fields(s) }
func m(s string) string { return strings.TrimSpace(s) }
func n(s []string, t string) string { return strings.Join(s, t) }
func o(e error, t error) bool { return errors.Is(e, t) }
func p(e error) error { return fmt.Errorf("x: %w", e) }
func q(b *bytes.Buffer, s string) { b.WriteString(s); fmt.Fprintf(b, "%s", s) }
func r(b *strings.Builder, s string) { b.WriteString(s); b.WriteByte('x'); fmt.Fprintf(b, "%s", s) }
func s(s string, t string) bool { return strings.Contains(s, t) && strings.HasPrefix(s, t) && strings.Index(s, t) > 0 && strings.EqualFold(s, t) }
func t(s string) string { return strings.Repeat(s, 3) + strings.Title(s) + strings.Map(func(r rune) rune { return r }, s) }
func u(b []byte, c []byte) bool { return bytes.Equal(b, c) && bytes.Contains(b, c) && len(bytes.TrimSpace(b)) > 0 && len(bytes.Split(b, c)) > 0 }
func v(s string) *strings.Reader { return strings.NewReader(s) }
func w(s string) { fmt.Sscanf(s, "%d") ; strconv.Quote(s); strconv.AppendInt(nil, 1, 10) }
func x(b []byte) *bytes.Buffer { return bytes.NewBuffer(b) }
func y(s, t string) (string, string, bool) { return strings.Cut(s, t) }
func z(e error) error { var pe *strconv.NumError; if errors.As(e, &pe) { return pe.Err }; return errors.Unwrap(e) }
func main() {}
