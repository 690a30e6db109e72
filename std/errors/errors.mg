// Package errors makes errors and looks into chains and trees of wrapped ones.
package errors

import "internal/reflectlite"

// errorString is a pointer type behind New, so that two errors of one text differ.
type errorString struct{ s string }

func (e *errorString) Error() string { return e.s }

// New returns an error with this text, distinct from every other.
func New(text string) error { return &errorString{text} }

// ErrUnsupported says that an operation cannot be done because it is not supported.
var ErrUnsupported = New("unsupported operation")

// Unwrap returns what err's method `Unwrap() error` returns, nil without such a method.
func Unwrap(err error) error {
	if wrapper, ok := err.(interface{ Unwrap() error }); ok {
		return wrapper.Unwrap()
	}
	return nil
}

// Is reports whether err or an error it wraps, in depth-first order, equals target or says so by a method `Is(error) bool`.
func Is(err, target error) bool {
	if err == nil || target == nil {
		return err == target
	}
	return is(err, target, reflectlite.Comparable(target))
}

func is(err, target error, comparable bool) bool {
	for err != nil {
		if comparable && reflectlite.SameType(err, target) && err == target {
			return true
		}
		if matcher, ok := err.(interface{ Is(error) bool }); ok && matcher.Is(target) {
			return true
		}
		if tree, ok := err.(interface{ Unwrap() []error }); ok {
			for _, branch := range tree.Unwrap() {
				if branch != nil && is(branch, target, comparable) {
					return true
				}
			}
			return false
		}
		err = Unwrap(err)
	}
	return false
}

// As sets *target to the first error in err's tree, depth first, that can be assigned to it (or that sets it by a method
// `As(any) bool`) and reports whether there is one. It panics if target is not a non-nil pointer to an error or interface type.
func As(err error, target any) bool {
	if err == nil {
		return false
	}
	if target == nil {
		panic("errors: target cannot be nil")
	}
	if reflectlite.Kind(target) != reflectlite.KindPointer || reflectlite.IsNil(target) {
		panic("errors: target must be a non-nil pointer")
	}
	if reflectlite.ElemKind(target) != reflectlite.KindInterface {
		if _, ok := reflectlite.Elem(target).(error); !ok {
			panic("errors: *target must be interface or implement error")
		}
	}
	return as(err, target)
}

func as(err error, target any) bool {
	for err != nil {
		if reflectlite.Assign(target, err) {
			return true
		}
		if setter, ok := err.(interface{ As(any) bool }); ok && setter.As(target) {
			return true
		}
		if tree, ok := err.(interface{ Unwrap() []error }); ok {
			for _, branch := range tree.Unwrap() {
				if branch != nil && as(branch, target) {
					return true
				}
			}
			return false
		}
		err = Unwrap(err)
	}
	return false
}

// joinError is what Join returns; errs holds no nil.
type joinError struct{ errs []error }

// Join returns an error that wraps all that are not nil, nil if there are none. Its text is theirs, one a line.
func Join(errs ...error) error {
	count := 0
	for _, err := range errs {
		if err != nil {
			count++
		}
	}
	if count == 0 {
		return nil
	}
	joined := &joinError{make([]error, 0, count)}
	for _, err := range errs {
		if err != nil {
			joined.errs = append(joined.errs, err)
		}
	}
	return joined
}

func (e *joinError) Error() string {
	text := e.errs[0].Error()
	for _, err := range e.errs[1:] {
		text += "\n" + err.Error()
	}
	return text
}

func (e *joinError) Unwrap() []error { return e.errs }
