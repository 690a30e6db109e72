// Package path takes apart and builds slash-separated paths, without looking at
// any file system.
package path

import "strings"

// Clean returns the shortest path equal to path by its text alone: no empty and
// no "." elements, and ".." only at the front of a relative path. The empty path
// gives ".".
func Clean(path string) string {
	rooted := strings.HasPrefix(path, "/")
	var kept []string
	for _, element := range strings.Split(path, "/") {
		switch {
		case element == "" || element == ".":
		case element != "..":
			kept = append(kept, element)
		case len(kept) > 0 && kept[len(kept)-1] != "..":
			kept = kept[:len(kept)-1]
		case !rooted:
			kept = append(kept, element)
		}
	}
	cleaned := strings.Join(kept, "/")
	if rooted {
		return "/" + cleaned
	}
	if cleaned == "" {
		return "."
	}
	return cleaned
}

// Split cuts path behind its last slash into directory and file name.
func Split(path string) (dir, file string) {
	at := strings.LastIndexByte(path, '/') + 1
	return path[:at], path[at:]
}

// Join joins the elements that are not empty by slashes and cleans the result;
// without any it is empty.
func Join(elem ...string) string {
	var kept []string
	for _, element := range elem {
		if element != "" {
			kept = append(kept, element)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return Clean(strings.Join(kept, "/"))
}

// Ext returns the file name's part from its last dot on.
func Ext(path string) string {
	_, file := Split(path)
	if at := strings.LastIndexByte(file, '.'); at >= 0 {
		return file[at:]
	}
	return ""
}

// Base returns the last element: "." for the empty path, "/" for slashes only.
func Base(path string) string {
	if path == "" {
		return "."
	}
	path = strings.TrimRight(path, "/")
	if path == "" {
		return "/"
	}
	_, file := Split(path)
	return file
}

// IsAbs reports whether the path begins with a slash.
func IsAbs(path string) bool { return strings.HasPrefix(path, "/") }

// Dir returns all but the last element, cleaned.
func Dir(path string) string {
	dir, _ := Split(path)
	return Clean(dir)
}
