package fmt

import "errors"

// Errorf returns an error with the formatted text. It wraps the operands of %w: Unwrap returns the error, or if there are
// several directives, all of them.
func Errorf(format string, a ...any) error {
	p := printer{buffer: make([]byte, 0, roomForText)}
	p.mayWrap = true
	p.printFormat(format, a)
	text := string(p.buffer)
	switch len(p.wrapped) {
	case 0:
		return errors.New(text)
	case 1:
		wrapped, _ := a[p.wrapped[0]].(error)
		return &wrapError{text, wrapped}
	}
	// In the order of the operands, each once.
	var errs []error
	for i, arg := range a {
		err, ok := arg.(error)
		if !ok {
			continue
		}
		for _, index := range p.wrapped {
			if index == i {
				errs = append(errs, err)
				break
			}
		}
	}
	return &wrapErrors{text, errs}
}

type wrapError struct {
	msg string
	err  error
}

func (e *wrapError) Error() string { return e.msg }
func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	msg string
	errs []error
}

func (e *wrapErrors) Error() string   { return e.msg }
func (e *wrapErrors) Unwrap() []error { return e.errs }
