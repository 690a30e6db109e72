// Package strconv converts basic values to and from their text.
package strconv

import "errors"

// Why a conversion failed, inside a NumError.
var (
	ErrRange  = errors.New("value out of range")
	ErrSyntax = errors.New("invalid syntax")
)

// A NumError is the error of a conversion: which function, of what, why.
type NumError struct {
	Func string
	Num  string
	Err  error
}

func (e *NumError) Error() string {
	return "strconv." + e.Func + ": parsing " + Quote(e.Num) + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *NumError) Unwrap() error { return e.Err }

func syntaxError(function, text string) *NumError { return &NumError{function, text, ErrSyntax} }

func rangeError(function, text string) *NumError { return &NumError{function, text, ErrRange} }

func baseError(function, text string, base int) *NumError {
	return &NumError{function, text, errors.New("invalid base " + Itoa(base))}
}

func bitSizeError(function, text string, bitSize int) *NumError {
	return &NumError{function, text, errors.New("invalid bit size " + Itoa(bitSize))}
}
