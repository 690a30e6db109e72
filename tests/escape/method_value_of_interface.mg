// escapecheck

// A method value of an interface.
package main

type speaker interface{ speak() string }

type dog struct{ name string }

func (d *dog) speak() string { return d.name }

func run(f func() string) { println(f()) }

func main() {
	var s speaker = &dog{"rex"}
	run(s.speak)
}
