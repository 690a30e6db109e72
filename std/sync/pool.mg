package sync

// A Pool keeps values for later use. It gives them up over two collections: at the first what it holds becomes its victim,
// from which Get still takes, at the second the victim goes.
//
// The runtime knows local and victim by their places, moves one to the other, and has the Pool in a list while it must.
type Pool struct {
	local  *poolShards
	victim *poolShards
	New    func() any // makes a value for Get when there is none
}

// poolShards has a shard for each processor there was when it was made.
type poolShards struct{ shards []poolShard }

// A poolShard is mostly used on one processor. What is put there last is taken first, by others what has lain longest.
type poolShard struct {
	lock    Mutex
	private any // before all in shared
	shared  []any
	_       [72]byte // shards of two processors are on different cache lines
}

// poolLock is held while a Pool gets shards.
var poolLock Mutex

// Get takes a value out of the pool, or calls New; without New it returns nil.
func (p *Pool) Get() any {
	if p == nil {
		panic("nil Pool")
	}
	own, _ := processor()
	x := p.local.take(own)
	if x == nil {
		x = p.victim.take(own)
	}
	if x == nil && p.New != nil {
		return p.New()
	}
	return x
}

// Put adds x to the pool.
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	if p == nil {
		panic("nil Pool")
	}
	own, count := processor()
	local := p.local
	if local == nil {
		local = p.makeLocal(count)
	}
	local.shards[own%len(local.shards)].put(x)
}

// makeLocal gives the pool shards, unless another goroutine does.
func (p *Pool) makeLocal(count int) *poolShards {
	poolLock.Lock()
	defer poolLock.Unlock()
	if p.local == nil {
		p.local = &poolShards{make([]poolShard, count)}
		registerPool(p)
	}
	return p.local
}

// take returns a value from this shard, or else from another, or nil.
func (s *poolShards) take(own int) any {
	if s == nil {
		return nil
	}
	count := len(s.shards)
	if x := s.shards[own%count].takeLast(); x != nil {
		return x
	}
	for i := 1; i < count; i++ {
		if x := s.shards[(own+i)%count].takeFirst(); x != nil {
			return x
		}
	}
	return nil
}

func (s *poolShard) put(x any) {
	s.lock.Lock()
	if s.private == nil {
		s.private = x
	} else {
		s.shared = append(s.shared, x)
	}
	s.lock.Unlock()
}

func (s *poolShard) takeLast() any {
	s.lock.Lock()
	x := s.private
	s.private = nil
	if last := len(s.shared) - 1; x == nil && last >= 0 {
		x = s.shared[last]
		s.shared[last] = nil
		s.shared = s.shared[:last]
	}
	s.lock.Unlock()
	return x
}

func (s *poolShard) takeFirst() any {
	var x any
	s.lock.Lock()
	if len(s.shared) > 0 {
		x = s.shared[0]
		s.shared[0] = nil
		s.shared = s.shared[1:]
	} else {
		x = s.private
		s.private = nil
	}
	s.lock.Unlock()
	return x
}
