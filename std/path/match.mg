package path

import (
	"errors"
	"unicode/utf8"
)

// ErrBadPattern is the error of a pattern that is not well formed.
var ErrBadPattern = errors.New("syntax error in pattern")

// Match reports whether name as a whole matches the shell pattern: * stands for
// characters other than '/', ? for one of them, [a-z] or [^a-z] for one of or
// not of a set, and a backslash takes the next character as it is.
func Match(pattern, name string) (matched bool, err error) {
	if err := check(pattern); err != nil {
		return false, err
	}
	// Where to go on when the rest does not match: the last * takes one
	// character more. Going back to an earlier * is never needed.
	retryPattern, retryName := "", ""
	retry := false
	for {
		switch {
		case pattern == "" && name == "":
			return true, nil
		case pattern != "" && pattern[0] == '*':
			pattern = pattern[1:]
			retryPattern, retryName, retry = pattern, name, true
			continue
		case pattern != "" && name != "":
			c, size := utf8.DecodeRuneInString(name)
			if rest, ok := matchOne(pattern, c); ok {
				pattern, name = rest, name[size:]
				continue
			}
		}
		if !retry || retryName == "" || retryName[0] == '/' {
			return false, nil
		}
		_, size := utf8.DecodeRuneInString(retryName)
		retryName = retryName[size:]
		pattern, name = retryPattern, retryName
	}
}

// check reports an error if the pattern is not well formed.
func check(pattern string) error {
	for pattern != "" {
		switch pattern[0] {
		case '\\':
			if len(pattern) == 1 {
				return ErrBadPattern
			}
			pattern = pattern[1:]
			_, size := utf8.DecodeRuneInString(pattern)
			pattern = pattern[size:]
		case '[':
			rest, _, ok := matchSet(pattern[1:], 0)
			if !ok {
				return ErrBadPattern
			}
			pattern = rest
		default:
			pattern = pattern[1:]
		}
	}
	return nil
}

// matchOne matches c with the first item of a well-formed pattern, not a *, and
// returns the rest of it.
func matchOne(pattern string, c rune) (rest string, ok bool) {
	switch pattern[0] {
	case '?':
		return pattern[1:], c != '/'
	case '[':
		rest, found, _ := matchSet(pattern[1:], c)
		return rest, found
	case '\\':
		pattern = pattern[1:]
	}
	wanted, size := utf8.DecodeRuneInString(pattern)
	return pattern[size:], c == wanted
}

// matchSet reports whether c is in the set that pattern starts with (behind the
// opening bracket), what follows it, and whether it is well formed.
func matchSet(pattern string, c rune) (rest string, found, ok bool) {
	negated := false
	if pattern != "" && pattern[0] == '^' {
		negated = true
		pattern = pattern[1:]
	}
	for ranges := 0; ; ranges++ {
		if pattern != "" && pattern[0] == ']' && ranges > 0 {
			return pattern[1:], found != negated, true
		}
		low, rest, ok := setCharacter(pattern)
		if !ok {
			return "", false, false
		}
		high := low
		if rest != "" && rest[0] == '-' {
			high, rest, ok = setCharacter(rest[1:])
			if !ok {
				return "", false, false
			}
		}
		found = found || low <= c && c <= high
		pattern = rest
	}
}

// setCharacter reads one character of a set, perhaps behind a backslash. The
// set cannot end with it.
func setCharacter(pattern string) (c rune, rest string, ok bool) {
	if pattern == "" || pattern[0] == '-' || pattern[0] == ']' {
		return 0, "", false
	}
	if pattern[0] == '\\' {
		pattern = pattern[1:]
		if pattern == "" {
			return 0, "", false
		}
	}
	c, size := utf8.DecodeRuneInString(pattern)
	if c == utf8.RuneError && size == 1 {
		return 0, "", false
	}
	return c, pattern[size:], len(pattern) > size
}
