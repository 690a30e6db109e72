package time

import "sync"

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
	C       <-chan Time
	channel chan Time  // C; nil if there is a function
	call    func()     // of AfterFunc
	lock    sync.Mutex // guards id
	id      uint64     // of call in the runtime's queue
}

// NewTimer returns a timer that sends the time on its channel after d.
func NewTimer(d Duration) *Timer {
	channel := newTimerChannel(Local)
	setTimer(channel, deadline(d), 0)
	return &Timer{C: channel, channel: channel}
}

// AfterFunc calls f in a goroutine of its own after d. The timer's C is nil.
func AfterFunc(d Duration, f func()) *Timer {
	return &Timer{call: f, id: startTimer(deadline(d), f)}
}

// Stop keeps the timer from firing, and reports whether it was about to. After Stop nothing more comes from C.
func (t *Timer) Stop() bool {
	if t.channel != nil {
		return setTimer(t.channel, 0, 0)
	}
	if t.call == nil {
		panic("time: Stop called on uninitialized Timer")
	}
	t.lock.Lock()
	pending := stopTimer(t.id)
	t.lock.Unlock()
	return pending
}

// Reset makes the timer fire after d, and reports whether it was about to fire before.
func (t *Timer) Reset(d Duration) bool {
	if t.channel != nil {
		return setTimer(t.channel, deadline(d), 0)
	}
	if t.call == nil {
		panic("time: Reset called on uninitialized Timer")
	}
	t.lock.Lock()
	pending := stopTimer(t.id)
	t.id = startTimer(deadline(d), t.call)
	t.lock.Unlock()
	return pending
}

// After returns a channel that gets the time after d.
func After(d Duration) <-chan Time { return NewTimer(d).C }

// A Ticker sends the time on C again and again, and drops what a slow receiver misses.
type Ticker struct {
	C       <-chan Time
	channel chan Time
}

// NewTicker returns a ticker with this period, which must be positive.
func NewTicker(d Duration) *Ticker {
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	channel := newTimerChannel(Local)
	setTimer(channel, deadline(d), int64(d))
	return &Ticker{channel, channel}
}

// Stop ends the ticks; C is not closed.
func (t *Ticker) Stop() {
	if t.channel != nil {
		setTimer(t.channel, 0, 0)
	}
}

// Reset starts the ticker anew with another period, which must be positive.
func (t *Ticker) Reset(d Duration) {
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	if t.channel == nil {
		panic("time: Reset called on uninitialized Ticker")
	}
	setTimer(t.channel, deadline(d), int64(d))
}

// Tick returns the channel of a new ticker, nil if d is not positive.
func Tick(d Duration) <-chan Time {
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}
