// An evaluator of arithmetic expressions: text -> tree -> value.
//
// The parser is a recursive descent parser: one method for each rule of
//
//	sum     = product { ("+" | "-") product }
//	product = factor { ("*" | "/") factor }
//	factor  = number | name | "-" factor | "(" sum ")"
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
)

// An Expression is a node of the tree. Each kind of node is a type of its own.
type Expression interface {
	Evaluate(variables map[string]float64) (float64, error)
	String() string
}

type number float64

type variable string

type negation struct{ operand Expression }

type operation struct {
	operator    byte
	left, right Expression
}

var errDivisionByZero = errors.New("division by zero")

func (n number) Evaluate(map[string]float64) (float64, error) {
	return float64(n), nil
}

func (v variable) Evaluate(variables map[string]float64) (float64, error) {
	value, ok := variables[string(v)]
	if !ok {
		return 0, fmt.Errorf("unknown variable %q", string(v))
	}
	return value, nil
}

func (n negation) Evaluate(variables map[string]float64) (float64, error) {
	value, err := n.operand.Evaluate(variables)
	return -value, err
}

func (o operation) Evaluate(variables map[string]float64) (float64, error) {
	left, err := o.left.Evaluate(variables)
	if err != nil {
		return 0, err
	}
	right, err := o.right.Evaluate(variables)
	if err != nil {
		return 0, err
	}
	switch o.operator {
	case '+':
		return left + right, nil
	case '-':
		return left - right, nil
	case '*':
		return left * right, nil
	}
	if right == 0 {
		return 0, fmt.Errorf("%v: %w", o, errDivisionByZero)
	}
	return left / right, nil
}

func (n number) String() string    { return strconv.FormatFloat(float64(n), 'g', -1, 64) }
func (v variable) String() string  { return string(v) }
func (n negation) String() string  { return fmt.Sprintf("(-%v)", n.operand) }
func (o operation) String() string { return fmt.Sprintf("(%v %c %v)", o.left, o.operator, o.right) }

// A parser reads text from position at on. Errors travel as panics inside the
// parser; Parse turns them into ordinary errors.
type parser struct {
	text string
	at   int
}

type syntaxError struct {
	position int
	message  string
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("position %d: %s", e.position, e.message)
}

// Parse returns the tree of the text.
func Parse(text string) (tree Expression, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			syntax, ok := problem.(*syntaxError)
			if !ok {
				panic(problem) // not ours
			}
			err = syntax
		}
	}()
	p := &parser{text: text}
	tree = p.sum()
	if p.next() != 0 {
		p.fail("unexpected %q", p.next())
	}
	return tree, nil
}

func (p *parser) fail(format string, args ...any) {
	panic(&syntaxError{p.at + 1, fmt.Sprintf(format, args...)})
}

// next returns the next character that is not a space, 0 at the end.
func (p *parser) next() byte {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) sum() Expression {
	left := p.product()
	for p.next() == '+' || p.next() == '-' {
		operator := p.next()
		p.at++
		left = operation{operator, left, p.product()}
	}
	return left
}

func (p *parser) product() Expression {
	left := p.factor()
	for p.next() == '*' || p.next() == '/' {
		operator := p.next()
		p.at++
		left = operation{operator, left, p.factor()}
	}
	return left
}

func (p *parser) factor() Expression {
	c := p.next()
	start := p.at
	switch {
	case c == '-':
		p.at++
		return negation{p.factor()}
	case c == '(':
		p.at++
		inner := p.sum()
		if p.next() != ')' {
			p.fail("missing )")
		}
		p.at++
		return inner
	case isDigit(c):
		for p.at < len(p.text) && (isDigit(p.text[p.at]) || p.text[p.at] == '.') {
			p.at++
		}
		value, err := strconv.ParseFloat(p.text[start:p.at], 64)
		if err != nil {
			p.fail("bad number %s", p.text[start:p.at])
		}
		return number(value)
	case isLetter(c):
		for p.at < len(p.text) && isLetter(p.text[p.at]) {
			p.at++
		}
		return variable(p.text[start:p.at])
	case c == 0:
		p.fail("unexpected end")
	}
	p.fail("unexpected %q", c)
	return nil
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func main() {
	variables := map[string]float64{"x": 3, "half": 0.5}
	texts := []string{
		"1 + 2 * 3",
		"(1 + 2) * 3",
		"-x * -x - 2",
		"half * (x + 7) / 4",
		"1 / (x - 3)",
		"2 * y",
		"2 * (3 + 4",
		"1.2.3 + 4",
		"2 $ 3",
		"",
	}
	failed := 0
	for _, text := range texts {
		tree, err := Parse(text)
		if err == nil {
			var value float64
			value, err = tree.Evaluate(variables)
			if err == nil {
				fmt.Printf("%-20s = %-8g %v\n", text, value, tree)
				continue
			}
		}
		failed++
		kind := "error"
		var syntax *syntaxError
		if errors.As(err, &syntax) {
			kind = "syntax error"
		} else if errors.Is(err, errDivisionByZero) {
			kind = "arithmetic error"
		}
		fmt.Printf("%-20s ! %s: %v\n", text, kind, err)
	}
	if failed != 6 {
		fmt.Println("expected 6 errors, got", failed)
		os.Exit(1)
	}
}
