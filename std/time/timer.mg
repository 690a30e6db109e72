package time

import "sync"

// A source is what Timer and Ticker share: a timer of the runtime's queue and the channel it sends to.
//
// The queue starts a goroutine when the timer is due, which may come to run only after Stop or Reset. Each start has a
// generation: a goroutine of an old one sends nothing. Stop and Reset also take an unreceived time out of the channel, so
// that no time from before them can be received after them.
type source struct {
	lock       sync.Mutex
	channel    chan Time
	id         uint64 // in the runtime's queue, 0 if never started
	generation uint64
}

func (s *source) start(d, period Duration) {
	generation := s.generation
	s.id = startTimer(deadline(d), int64(period), s.channel, func() {
		t := Now()
		s.lock.Lock()
		if s.generation == generation {
			select {
			case s.channel <- t:
			default: // the receiver is slow: drop this one
			}
		}
		s.lock.Unlock()
	})
}

// stop returns whether a time could still have been received.
func (s *source) stop() bool {
	s.generation++
	pending := stopTimer(s.id)
	select {
	case <-s.channel:
		pending = true
	default:
	}
	return pending
}

// deadline returns the monotonic time d from now, the latest one if that is out of range.
func deadline(d Duration) int64 {
	_, _, monotonic := now()
	if d <= 0 {
		return monotonic
	}
	when := monotonic + int64(d)
	if when < 0 {
		return 1<<63 - 1
	}
	return when
}

// A Timer sends the time on C once, or calls a function once.
type Timer struct {
	C      <-chan Time
	source *source
	call   func() // of AfterFunc; then there is no channel
}

// NewTimer returns a timer that sends the time on its channel after d.
func NewTimer(d Duration) *Timer {
	s := &source{channel: make(chan Time, 1)}
	s.start(d, 0)
	return &Timer{C: s.channel, source: s}
}

// AfterFunc calls f in a goroutine of its own after d. The timer's C is nil.
func AfterFunc(d Duration, f func()) *Timer {
	t := &Timer{source: &source{}, call: f}
	t.source.id = startTimer(deadline(d), 0, nil, f)
	return t
}

// Stop keeps the timer from firing, and reports whether it was about to. After Stop nothing more comes from C.
func (t *Timer) Stop() bool {
	s := t.source
	if s == nil {
		panic("time: Stop called on uninitialized Timer")
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if t.call != nil {
		return stopTimer(s.id)
	}
	return s.stop()
}

// Reset makes the timer fire after d, and reports whether it was about to fire before.
func (t *Timer) Reset(d Duration) bool {
	s := t.source
	if s == nil {
		panic("time: Reset called on uninitialized Timer")
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if t.call != nil {
		pending := stopTimer(s.id)
		s.id = startTimer(deadline(d), 0, nil, t.call)
		return pending
	}
	pending := s.stop()
	s.start(d, 0)
	return pending
}

// After returns a channel that gets the time after d.
func After(d Duration) <-chan Time { return NewTimer(d).C }

// A Ticker sends the time on C again and again, and drops what a slow receiver misses.
type Ticker struct {
	C      <-chan Time
	source *source
}

// NewTicker returns a ticker with this period, which must be positive.
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	s := &source{channel: make(chan Time, 1)}
	s.start(d, d)
	return &Ticker{s.channel, s}
}

// Stop ends the ticks; C is not closed.
func (t *Ticker) Stop() {
	s := t.source
	if s == nil {
		return
	}
	s.lock.Lock()
	s.stop()
	s.lock.Unlock()
}

// Reset starts the ticker anew with another period, which must be positive.
func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	s := t.source
	if s == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	s.lock.Lock()
	s.stop()
	s.start(d, d)
	s.lock.Unlock()
}

// Tick returns the channel of a new ticker, nil if d is not positive.
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
