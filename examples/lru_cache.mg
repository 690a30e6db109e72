// A cache that forgets what has not been used for the longest time (least
// recently used, LRU).
//
// A map finds an entry by its key, and a doubly linked list keeps the entries
// in the order of their last use. So both Get and Put take constant time.
package main

import (
	"container/list"
	"fmt"
	"strings"
)

// Cache holds up to capacity entries.
type Cache struct {
	capacity int
	byKey    map[string]*list.Element
	order    *list.List // of *entry, the last used one in front

	hits, misses int
}

type entry struct {
	key   string
	value int
}

// NewCache returns an empty cache.
func NewCache(capacity int) *Cache {
	return &Cache{
		capacity: capacity,
		byKey:    make(map[string]*list.Element),
		order:    list.New(),
	}
}

// Get returns the value of key and whether it is known, and counts as a use.
func (c *Cache) Get(key string) (value int, ok bool) {
	element, ok := c.byKey[key]
	if !ok {
		c.misses++
		return 0, false
	}
	c.hits++
	c.order.MoveToFront(element)
	// The list stores values of any type: say which one this is.
	return element.Value.(*entry).value, true
}

// Put stores value under key, and drops the oldest entry if there are too many.
func (c *Cache) Put(key string, value int) {
	if element, ok := c.byKey[key]; ok {
		element.Value.(*entry).value = value
		c.order.MoveToFront(element)
		return
	}
	c.byKey[key] = c.order.PushFront(&entry{key, value})
	if c.order.Len() > c.capacity {
		oldest := c.order.Back()
		c.order.Remove(oldest)
		delete(c.byKey, oldest.Value.(*entry).key)
	}
}

// String lists the entries, the last used one first. Having this method, a
// *Cache is a fmt.Stringer: Println and %v print it this way.
func (c *Cache) String() string {
	var text strings.Builder
	text.WriteString("[")
	for element := c.order.Front(); element != nil; element = element.Next() {
		if element != c.order.Front() {
			text.WriteString(" ")
		}
		e := element.Value.(*entry)
		fmt.Fprintf(&text, "%s=%d", e.key, e.value)
	}
	text.WriteString("]")
	return text.String()
}

func main() {
	cache := NewCache(3)
	for i, key := range strings.Fields("one two three") {
		cache.Put(key, i+1)
	}
	fmt.Println("filled:     ", cache)

	value, ok := cache.Get("one")
	fmt.Println("get one:    ", value, ok, cache)

	cache.Put("four", 4) // drops "two"
	fmt.Println("put four:   ", cache)

	value, ok = cache.Get("two")
	fmt.Println("get two:    ", value, ok)

	cache.Put("three", 33)
	fmt.Println("put three:  ", cache)

	// Many more: the cache does not grow.
	for i := 0; i < 1000; i++ {
		key := fmt.Sprintf("key%d", i*i%7)
		if _, ok := cache.Get(key); !ok {
			cache.Put(key, i)
		}
	}
	fmt.Println("in the end: ", cache)
	fmt.Printf("%d hits, %d misses, %d entries\n", cache.hits, cache.misses, len(cache.byKey))
}
