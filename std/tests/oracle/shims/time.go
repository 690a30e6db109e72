package time

import (
	"sync"
	"time"
)

var start = time.Now()

func now() (seconds int64, nanoseconds int64, monotonic int64) {
	t := time.Now()
	return t.Unix(), int64(t.Nanosecond()), int64(t.Sub(start)) + 1
}

func Sleep(d Duration) { time.Sleep(time.Duration(d)) }

var (
	timersLock sync.Mutex
	timers     = map[uint64]*time.Timer{}
	lastTimer  uint64
)

func startTimer(when int64, period int64, channel chan Time, f func()) (id uint64) {
	timersLock.Lock()
	defer timersLock.Unlock()
	lastTimer++
	id = lastTimer
	delay := time.Until(start.Add(time.Duration(when)))
	timers[id] = time.AfterFunc(delay, func() {
		timersLock.Lock()
		timer, queued := timers[id]
		if queued && period > 0 {
			timer.Reset(time.Duration(period))
		} else {
			delete(timers, id)
		}
		timersLock.Unlock()
		if queued {
			f()
		}
	})
	return id
}

func stopTimer(id uint64) bool {
	timersLock.Lock()
	defer timersLock.Unlock()
	timer, queued := timers[id]
	if queued {
		timer.Stop()
		delete(timers, id)
	}
	return queued
}
