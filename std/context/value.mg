package context

import "internal/reflectlite"

// WithValue returns a child with a value. The key must be comparable, and best of a type of the caller's own.
func WithValue(parent Context, key, val any) Context {
	if parent == nil {
		panic("cannot create context from nil parent")
	}
	if key == nil {
		panic("nil key")
	}
	if !reflectlite.Comparable(key) {
		panic("key is not comparable")
	}
	return &valueContext{parent, key, val}
}

type valueContext struct {
	Context
	key, value any
}

func (c *valueContext) Value(key any) any {
	if c.key == key {
		return c.value
	}
	return c.Context.Value(key)
}

func textOf(v any) string {
	switch x := v.(type) {
	case interface{ String() string }:
		return x.String()
	case string:
		return x
	case nil:
		return "<nil>"
	}
	return reflectlite.TypeString(v)
}

func (c *valueContext) String() string {
	return nameOf(c.Context) + ".WithValue(" + textOf(c.key) + ", " + textOf(c.value) + ")"
}
