// Package filepath takes apart and builds file names of the operating system:
// here, paths with slashes. Names are only looked at as text.
package filepath

import (
	"errors"
	"path"
	"strings"
)

const (
	Separator     = '/' // between the elements of a path
	ListSeparator = ':' // between the paths of a list
)

// ErrBadPattern is the error of a pattern that is not well formed.
var ErrBadPattern = path.ErrBadPattern

// Clean returns the shortest path equal to name by its text alone.
func Clean(name string) string { return path.Clean(name) }

// Split cuts name behind its last slash into directory and file name.
func Split(name string) (dir, file string) { return path.Split(name) }

// Join joins the elements that are not empty by slashes and cleans the result.
func Join(elem ...string) string { return path.Join(elem...) }

// Ext returns the file name's part from its last dot on.
func Ext(name string) string { return path.Ext(name) }

// Base returns the last element of name.
func Base(name string) string { return path.Base(name) }

// Dir returns all but the last element of name, cleaned.
func Dir(name string) string { return path.Dir(name) }

// IsAbs reports whether name begins with a slash.
func IsAbs(name string) bool { return path.IsAbs(name) }

// Match reports whether name as a whole matches the shell pattern; see
// path.Match.
func Match(pattern, name string) (matched bool, err error) { return path.Match(pattern, name) }

// ToSlash returns name, whose separators are slashes already.
func ToSlash(name string) string { return name }

// FromSlash returns name, whose separators are slashes already.
func FromSlash(name string) string { return name }

// VolumeName returns the empty string: there are no volumes.
func VolumeName(name string) string { return "" }

// SplitList cuts a list like that of $PATH into its paths.
func SplitList(list string) []string {
	if list == "" {
		return []string{}
	}
	return strings.Split(list, string(ListSeparator))
}

// IsLocal reports whether name, by its text alone, stays below the directory it
// is relative to.
func IsLocal(name string) bool {
	if name == "" || IsAbs(name) {
		return false
	}
	cleaned := Clean(name)
	return cleaned != ".." && !strings.HasPrefix(cleaned, "../")
}

// Rel returns a relative path that leads from base to target, by their text
// alone. It is an error if only one of them is absolute, or if base goes up
// where target does not.
func Rel(base, target string) (string, error) {
	from, to := Clean(base), Clean(target)
	if from == to {
		return ".", nil
	}
	if IsAbs(from) != IsAbs(to) {
		return "", errors.New("Rel: can't make " + target + " relative to " + base)
	}
	fromElements, toElements := elements(from), elements(to)
	for len(fromElements) > 0 && len(toElements) > 0 && fromElements[0] == toElements[0] {
		fromElements, toElements = fromElements[1:], toElements[1:]
	}
	var way []string
	for _, element := range fromElements {
		if element == ".." {
			return "", errors.New("Rel: can't make " + target + " relative to " + base)
		}
		way = append(way, "..")
	}
	return strings.Join(append(way, toElements...), "/"), nil
}

// elements returns the elements of a cleaned path.
func elements(cleaned string) []string {
	cleaned = strings.TrimPrefix(cleaned, "/")
	if cleaned == "" || cleaned == "." {
		return nil
	}
	return strings.Split(cleaned, "/")
}
