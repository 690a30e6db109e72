package sync

// A Pool keeps values for later use; any may be dropped at any time.
type Pool struct {
	lock  Mutex
	items []any
	New   func() any // makes a value for Get when there is none
}

// poolLimit bounds what an idle pool keeps alive.
const poolLimit = 64

// Get takes a value out of the pool, or calls New; without New it returns nil.
func (p *Pool) Get() any {
	p.lock.Lock()
	if last := len(p.items) - 1; last >= 0 {
		x := p.items[last]
		p.items[last] = nil
		p.items = p.items[:last]
		p.lock.Unlock()
		return x
	}
	p.lock.Unlock()
	if p.New != nil {
		return p.New()
	}
	return nil
}

// Put adds x to the pool.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	p.lock.Lock()
	if len(p.items) < poolLimit {
		p.items = append(p.items, x)
	}
	p.lock.Unlock()
}
