package main

type t struct{ a, b int }

func (x t) get() int   { return x.a }
func (x *t) set(a int) { x.a = a }

type getter interface{ get() int }

func run(x t, g getter) (result int) {
	defer func() {
		if e := recover(); e != nil {
			result = 1
		}
	}()
	defer x.set(3)
	defer println("deferred", x.b)
	f := x.get
	go x.set(f())
	return g.get()
}

func main() {
	println(run(t{1, 2}, t{b: 4}), run(t{}, &t{}))
}
