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

// A poolShard belongs to one processor. What is put there last is taken first, by others what has lain longest.
type poolShard struct {
	private any   // before all in shared; only for goroutines on its processor, see Get
	lock    Mutex // guards shared
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
	// From here until private is read and written this goroutine does not leave the processor, and nobody else has it: no
	// loop, and no call.
	if local := p.local; local != nil && own < len(local.shards) {
		shard := &local.shards[own]
		if x := shard.private; x != nil {
			shard.private = nil
			return x
		}
	}
	return p.getSlow()
}

func (p *Pool) getSlow() any {
	x := p.local.takeShared()
	if x == nil {
		x = p.victim.takePrivate()
	}
	if x == nil {
		x = p.victim.takeShared()
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
	own, _ := processor()
	// As in Get.
	if local := p.local; local != nil && own < len(local.shards) {
		shard := &local.shards[own]
		if shard.private == nil {
			shard.private = x
			return
		}
	}
	p.putSlow(x)
}

func (p *Pool) putSlow(x any) {
	local := p.local
	if local == nil {
		local = p.makeLocal()
	}
	own, _ := processor()
	shard := &local.shards[own%len(local.shards)]
	if own < len(local.shards) && shard.private == nil {
		shard.private = x
		return
	}
	shard.lock.Lock()
	shard.shared = append(shard.shared, x)
	shard.lock.Unlock()
}

// makeLocal gives the pool shards, unless another goroutine does.
func (p *Pool) makeLocal() *poolShards {
	poolLock.Lock()
	defer poolLock.Unlock()
	if p.local == nil {
		_, count := processor()
		p.local = &poolShards{make([]poolShard, count)}
		registerPool(p)
	}
	return p.local
}

// takePrivate returns what goroutines on this processor alone may take, or nil.
func (s *poolShards) takePrivate() any {
	own, _ := processor()
	// As in Get.
	if s == nil || own >= len(s.shards) {
		return nil
	}
	shard := &s.shards[own]
	x := shard.private
	shard.private = nil
	return x
}

// takeShared returns a value from the shard of this processor, or else from another, or nil.
func (s *poolShards) takeShared() any {
	if s == nil {
		return nil
	}
	own, _ := processor()
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

func (s *poolShard) takeLast() any {
	s.lock.Lock()
	var x any
	if last := len(s.shared) - 1; last >= 0 {
		x = s.shared[last]
		s.shared[last] = nil
		s.shared = s.shared[:last]
	}
	s.lock.Unlock()
	return x
}

func (s *poolShard) takeFirst() any {
	s.lock.Lock()
	var x any
	if len(s.shared) > 0 {
		x = s.shared[0]
		s.shared[0] = nil
		s.shared = s.shared[1:]
	}
	s.lock.Unlock()
	return x
}
