// escapecheck

// A set on top of a map.
package main

type set map[string]struct{}

func (s set) add(v string) set {
	s[v] = struct{}{}
	return s
}

func union(sets ...set) set {
	all := set{}
	for _, s := range sets {
		for v := range s {
			all.add(v)
		}
	}
	return all
}

func main() { println(len(union(set{}.add("a"), set{}.add("b")))) }
