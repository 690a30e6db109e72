// Package context carries deadlines, cancellation and values down a tree of calls.
package context

import (
	"errors"
	"sync"
	"time"
)

// A Context is done at a deadline or when it is cancelled, with its children, and has values.
type Context interface {
	Deadline() (deadline time.Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}

// Canceled is the error of a cancelled context.
var Canceled = errors.New("context canceled")

// DeadlineExceeded is the error of a context past its deadline.
var DeadlineExceeded error = deadlineExceededError{}

type deadlineExceededError struct{}

func (deadlineExceededError) Error() string   { return "context deadline exceeded" }
func (deadlineExceededError) Timeout() bool   { return true }
func (deadlineExceededError) Temporary() bool { return true }

// A CancelFunc cancels a context; all calls but the first do nothing.
type CancelFunc func()

// A CancelCauseFunc cancels a context with a cause.
type CancelCauseFunc func(cause error)

// never is a context that is never done.
type never struct{ name string }

func (*never) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }
func (*never) Done() <-chan struct{}                   { return nil }
func (*never) Err() error                              { return nil }
func (*never) Value(key any) any                       { return nil }
func (n *never) String() string                        { return n.name }

var (
	background = never{"context.Background"}
	todo       = never{"context.TODO"}
)

// Background returns the root of all contexts: it is never done and has no values.
func Background() Context { return &background }

// TODO returns a root for where it is not clear yet which context to use.
func TODO() Context { return &todo }

// A node is a context that can be cancelled.
type node struct {
	parent   Context
	done     chan struct{}
	deadline time.Time // of this one, if hasDeadline
	hasLimit bool
	name     string
	detach   func() // takes it off its parent

	lock     sync.Mutex
	children map[*node]bool // nil once done
	err      error
	cause    error
	timer    *time.Timer
	call     func() // of AfterFunc: called instead of closing done
}

func newNode(parent Context, name string) *node {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	return &node{parent: parent, done: make(chan struct{}), name: nameOf(parent) + name}
}

func nameOf(c Context) string {
	if s, ok := c.(interface{ String() string }); ok {
		return s.String()
	}
	return "context"
}

func (n *node) Deadline() (deadline time.Time, ok bool) {
	if n.hasLimit {
		return n.deadline, true
	}
	return n.parent.Deadline()
}

func (n *node) Done() <-chan struct{} { return n.done }

func (n *node) Err() error {
	n.lock.Lock()
	defer n.lock.Unlock()
	return n.err
}

// nodeKey is the key under which a context finds the node it is or is derived from.
type nodeKey struct{}

func (n *node) Value(key any) any {
	if _, ok := key.(nodeKey); ok {
		return n
	}
	return n.parent.Value(key)
}

func (n *node) String() string { return n.name }

// attach makes n be cancelled with its parent.
func (n *node) attach() {
	done := n.parent.Done()
	if done == nil {
		return
	}
	select {
	case <-done:
		n.cancel(n.parent.Err(), Cause(n.parent))
		return
	default:
	}
	if above, ok := n.parent.Value(nodeKey{}).(*node); ok && above.Done() == done {
		above.lock.Lock()
		if above.err != nil {
			err, cause := above.err, above.cause
			above.lock.Unlock()
			n.cancel(err, cause)
			return
		}
		if above.children == nil {
			above.children = make(map[*node]bool)
		}
		above.children[n] = true
		above.lock.Unlock()
		n.detach = func() {
			above.lock.Lock()
			delete(above.children, n)
			above.lock.Unlock()
		}
		return
	}
	// A context of another kind.
	if other, ok := n.parent.(interface{ AfterFunc(func()) func() bool }); ok {
		stop := other.AfterFunc(func() { n.cancel(n.parent.Err(), Cause(n.parent)) })
		n.detach = func() { stop() }
		return
	}
	go func() {
		select {
		case <-done:
			n.cancel(n.parent.Err(), Cause(n.parent))
		case <-n.done:
		}
	}()
}

// cancel makes n and its children done, and reports whether it was not done before.
func (n *node) cancel(err, cause error) bool {
	if cause == nil {
		cause = err
	}
	n.lock.Lock()
	if n.err != nil {
		n.lock.Unlock()
		return false
	}
	n.err, n.cause = err, cause
	children := n.children
	n.children = nil
	timer := n.timer
	n.timer = nil
	close(n.done)
	n.lock.Unlock()
	for child := range children {
		child.cancel(err, cause)
	}
	if timer != nil {
		timer.Stop()
	}
	if n.call != nil && cause != errStopped {
		go n.call()
	}
	return true
}

// release cancels n by its own wish, and takes it off its parent.
func (n *node) release(err, cause error) bool {
	first := n.cancel(err, cause)
	if n.detach != nil {
		n.detach()
	}
	return first
}

// WithCancel returns a child that cancel makes done. Cancel it when it is of no more use.
func WithCancel(parent Context) (ctx Context, cancel CancelFunc) {
	n := newNode(parent, ".WithCancel")
	n.attach()
	return n, func() { n.release(Canceled, nil) }
}

// WithCancelCause is WithCancel with a cause, for Cause.
func WithCancelCause(parent Context) (ctx Context, cancel CancelCauseFunc) {
	n := newNode(parent, ".WithCancel")
	n.attach()
	return n, func(cause error) { n.release(Canceled, cause) }
}

// Cause returns why c is done: the cause it was cancelled with, or else c.Err(). It is nil before.
func Cause(c Context) error {
	if n, ok := c.Value(nodeKey{}).(*node); ok {
		n.lock.Lock()
		cause := n.cause
		n.lock.Unlock()
		if cause != nil {
			return cause
		}
	}
	return c.Err()
}

// WithDeadline returns a child that is done at time d at the latest.
func WithDeadline(parent Context, d time.Time) (Context, CancelFunc) {
	return WithDeadlineCause(parent, d, nil)
}

// WithDeadlineCause is WithDeadline with a cause for when the deadline passes.
func WithDeadlineCause(parent Context, d time.Time, cause error) (Context, CancelFunc) {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if earlier, ok := parent.Deadline(); ok && earlier.Before(d) {
		return WithCancel(parent)
	}
	left := time.Until(d)
	n := newNode(parent, ".WithDeadline("+d.String()+" ["+left.String()+"])")
	n.deadline, n.hasLimit = d, true
	n.attach()
	if left <= 0 {
		n.release(DeadlineExceeded, cause)
		return n, func() {}
	}
	n.lock.Lock()
	if n.err == nil {
		n.timer = time.AfterFunc(left, func() { n.release(DeadlineExceeded, cause) })
	}
	n.lock.Unlock()
	return n, func() { n.release(Canceled, nil) }
}

// WithTimeout returns a child that is done after this time at the latest.
func WithTimeout(parent Context, timeout time.Duration) (Context, CancelFunc) {
	return WithDeadline(parent, time.Now().Add(timeout))
}

// WithTimeoutCause is WithTimeout with a cause for when the time is over.
func WithTimeoutCause(parent Context, timeout time.Duration, cause error) (Context, CancelFunc) {
	return WithDeadlineCause(parent, time.Now().Add(timeout), cause)
}

// errStopped is the cause by which the node of a stopped AfterFunc ends.
var errStopped = errors.New("context: AfterFunc stopped")

// AfterFunc calls f in a goroutine of its own once ctx is done. stop keeps it from that, and reports whether it did.
func AfterFunc(ctx Context, f func()) (stop func() bool) {
	n := newNode(ctx, ".AfterFunc")
	n.call = f
	n.attach()
	return func() bool { return n.release(Canceled, errStopped) }
}

// WithoutCancel returns a child with the values of parent that is not done when parent is.
func WithoutCancel(parent Context) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	return detached{parent}
}

type detached struct{ parent Context }

func (detached) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }
func (detached) Done() <-chan struct{}                   { return nil }
func (detached) Err() error                              { return nil }
func (d detached) String() string                        { return nameOf(d.parent) + ".WithoutCancel" }

func (d detached) Value(key any) any {
	if _, ok := key.(nodeKey); ok {
		return nil
	}
	return d.parent.Value(key)
}
