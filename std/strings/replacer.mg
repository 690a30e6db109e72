package strings

import "io"

// A Replacer replaces a list of strings by others, in one pass from left to
// right without overlaps. At each position the pair given first wins.
type Replacer struct {
	pairs []string // old and new in turn
	// firstBytes tells for each byte whether some old string starts with it;
	// nil when there is an empty old string, which matches everywhere.
	firstBytes []bool
	// bytesOnly tells that every old string is one byte long: replacement[c]
	// is then one more than the index in pairs of what replaces c, 0 for none.
	bytesOnly   bool
	replacement []int
}

// NewReplacer returns a replacer for pairs of old and new strings. It panics
// if the number of arguments is odd.
func NewReplacer(oldnew ...string) *Replacer {
	if len(oldnew)%2 == 1 {
		panic("strings.NewReplacer: odd argument count")
	}
	r := &Replacer{pairs: append([]string(nil), oldnew...)}
	r.bytesOnly = true
	hasEmpty := false
	for i := 0; i < len(oldnew); i += 2 {
		r.bytesOnly = r.bytesOnly && len(oldnew[i]) == 1
		hasEmpty = hasEmpty || oldnew[i] == ""
	}
	if r.bytesOnly {
		r.replacement = make([]int, 256)
		for i := len(oldnew) - 2; i >= 0; i -= 2 {
			r.replacement[oldnew[i][0]] = i + 2
		}
	} else if !hasEmpty {
		r.firstBytes = make([]bool, 256)
		for i := 0; i < len(oldnew); i += 2 {
			r.firstBytes[oldnew[i][0]] = true
		}
	}
	return r
}

// Replace returns s with all replacements done.
func (r *Replacer) Replace(s string) string {
	var buf []byte
	changed := false
	if r.bytesOnly {
		buf, changed = r.replaceBytes(s)
	} else {
		buf, changed = r.replaceStrings(s)
	}
	if !changed {
		return s
	}
	return bytesToStringNoCopy(buf)
}

func (r *Replacer) replaceBytes(s string) (buf []byte, changed bool) {
	copied := 0
	for i := 0; i < len(s); i++ {
		if pair := r.replacement[s[i]]; pair != 0 {
			if !changed {
				buf = make([]byte, 0, len(s))
				changed = true
			}
			buf = append(buf, s[copied:i]...)
			buf = append(buf, r.pairs[pair-1]...)
			copied = i + 1
		}
	}
	if changed {
		buf = append(buf, s[copied:]...)
	}
	return buf, changed
}

func (r *Replacer) replaceStrings(s string) (buf []byte, changed bool) {
	copied := 0
	// An empty old string that matched does not match again at the same place,
	// but another one may.
	afterEmpty := false
	for i := 0; i <= len(s); {
		if i < len(s) && r.firstBytes != nil && !r.firstBytes[s[i]] {
			i++
			continue
		}
		pair := r.matchAt(s[i:], afterEmpty)
		afterEmpty = pair >= 0 && r.pairs[pair] == ""
		if pair < 0 {
			i++
			continue
		}
		if !changed {
			buf = make([]byte, 0, len(s))
			changed = true
		}
		buf = append(buf, s[copied:i]...)
		buf = append(buf, r.pairs[pair+1]...)
		i += len(r.pairs[pair])
		copied = i
	}
	if changed {
		buf = append(buf, s[copied:]...)
	}
	return buf, changed
}

// matchAt returns the index of the first pair whose old string s starts with,
// or -1.
func (r *Replacer) matchAt(s string, skipEmpty bool) int {
	for i := 0; i < len(r.pairs); i += 2 {
		old := r.pairs[i]
		if HasPrefix(s, old) && !(skipEmpty && old == "") {
			return i
		}
	}
	return -1
}

// WriteString writes s to w with all replacements done.
func (r *Replacer) WriteString(w io.Writer, s string) (n int, err error) {
	return io.WriteString(w, r.Replace(s))
}
