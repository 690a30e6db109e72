// run

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

type level int

func (l *level) Set(text string) error {
	if text == "bad" {
		return errors.New("bad level")
	}
	*l = level(len(text))
	return nil
}

func (l *level) String() string { return fmt.Sprintf("L%d", int(*l)) }

// nobody cannot show its zero value.
type nobody struct{ name *string }

func (n nobody) Set(string) error { return nil }
func (n nobody) String() string   { return *n.name }

func main() {
	flags := flag.NewFlagSet("tool", flag.ContinueOnError)
	flags.SetOutput(os.Stdout)
	flags.Int("n", 5, "number of `things`")
	flags.Bool("v", false, "verbose")
	flags.Duration("d", 0, "how long")
	flags.Duration("e", time.Second, "how long\nit takes")
	flags.String("s", "", "a name")
	flags.String("t", "x", "a name")
	flags.Func("f", "a function", func(string) error { return nil })
	var low, high level = 0, 7
	flags.Var(&low, "low", "a `level` that is zero")
	flags.Var(&high, "high", "a level")
	name := "somebody"
	flags.Var(nobody{&name}, "nobody", "who")
	flags.PrintDefaults()
	fmt.Println(flags.Parse([]string{"-low=bad"}))
	fmt.Println(flags.Parse([]string{"-low", "abc", "-x"}), low)
}
