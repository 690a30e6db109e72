package time

// NATIVES.md says exactly what each does.

func now() (seconds int64, nanoseconds int64, monotonic int64)

// Sleep lets the goroutine sleep for at least d.
func Sleep(d Duration)

func startTimer(when int64, f func()) (id uint64)

func stopTimer(id uint64) bool

func newTimerChannel(location *Location) chan Time

func setTimer(channel chan Time, when int64, period int64) (pending bool)
