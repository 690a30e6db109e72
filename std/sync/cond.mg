package sync

// A Cond is where goroutines wait for an event. L is held while the condition changes and when Wait is called.
type Cond struct {
	L       Locker
	self    *Cond     // itself, once it is used
	lock    Mutex     // guards self and waiters
	waiters []*uint32 // a semaphore each, in order of arrival
}

// NewCond returns a Cond with this L.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// check panics if c is a copy of one that was used.
func (c *Cond) check() {
	c.lock.Lock()
	if c.self == nil {
		c.self = c
	}
	original := c.self
	c.lock.Unlock()
	if original != c {
		panic("sync.Cond is copied")
	}
}

// Wait unlocks L, waits for Signal or Broadcast and locks L again. The condition may be false again by then.
func (c *Cond) Wait() {
	c.check()
	wake := new(uint32)
	c.lock.Lock()
	c.waiters = append(c.waiters, wake)
	c.lock.Unlock()
	c.L.Unlock()
	semacquire(wake, waitCond, false)
	c.L.Lock()
}

// Signal wakes the goroutine that has waited longest.
func (c *Cond) Signal() {
	c.check()
	c.lock.Lock()
	var first *uint32
	if len(c.waiters) > 0 {
		first = c.waiters[0]
		c.waiters[0] = nil
		c.waiters = c.waiters[1:]
	}
	c.lock.Unlock()
	if first != nil {
		semrelease(first)
	}
}

// Broadcast wakes all goroutines that wait.
func (c *Cond) Broadcast() {
	c.check()
	c.lock.Lock()
	waiters := c.waiters
	c.waiters = nil
	c.lock.Unlock()
	for _, wake := range waiters {
		semrelease(wake)
	}
}
