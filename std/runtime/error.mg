package runtime

// An Error is the error of a run-time panic.
type Error interface {
	error
	RuntimeError()
}

// The types below are those the runtime panics with; NATIVES.md says when, and how it lays them out.

// errorText returns the text of an error of one of these types.
func errorText(e any) string

// A boundsError is an index or slice bound out of range.
type boundsError struct{ message string }

func (e boundsError) Error() string { return errorText(e) }

// RuntimeError marks the type as an Error.
func (e boundsError) RuntimeError() {}

// An errorString is any other error of the language.
type errorString string

func (e errorString) Error() string { return errorText(e) }

// RuntimeError marks the type as an Error.
func (e errorString) RuntimeError() {}

// A plainError is an error whose text has no prefix.
type plainError string

func (e plainError) Error() string { return errorText(e) }

// RuntimeError marks the type as an Error.
func (e plainError) RuntimeError() {}

// A TypeAssertionError is a type assertion that failed.
type TypeAssertionError struct {
	interfaceType string
	concreteType  string // empty for a nil interface
	assertedType  string
	missingMethod string // empty unless the asserted type is an interface
}

func (e *TypeAssertionError) Error() string { return errorText(e) }

// RuntimeError marks the type as an Error.
func (e *TypeAssertionError) RuntimeError() {}

// A PanicNilError is what panic(nil) panics with.
type PanicNilError struct {
	_ [0]func() // not comparable
}

func (e *PanicNilError) Error() string { return errorText(e) }

// RuntimeError marks the type as an Error.
func (e *PanicNilError) RuntimeError() {}

// panicText returns the text of an error or Stringer that nobody recovered; the runtime calls it before it prints the panic.
func panicText(v any) (text string, ok bool) {
	switch x := v.(type) {
	case error:
		return x.Error(), true
	case interface{ String() string }:
		return x.String(), true
	}
	return "", false
}
