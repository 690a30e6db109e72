// Package debug sets the collector's knobs and prints stacks.
package debug

import (
	"os"
	"runtime"
	"time"
)

func setGCPercent(percent int) int

func setMemoryLimit(limit int64) int64

func setMaxStack(bytes int) int

func setMaxThreads(threads int) int

func freeOSMemory()

// SetGCPercent sets how much the heap may grow until the next collection, in percent of what survived the last one
// (negative: no collection), and returns the setting before.
func SetGCPercent(percent int) int { return setGCPercent(percent) }

// SetMemoryLimit sets a soft limit in bytes if it is not negative, and returns the one before.
func SetMemoryLimit(limit int64) int64 { return setMemoryLimit(limit) }

// SetMaxStack sets how large a goroutine's stack may grow, in bytes, and returns the setting before.
func SetMaxStack(bytes int) int { return setMaxStack(bytes) }

// SetMaxThreads sets how many threads the program may use, and returns the setting before.
func SetMaxThreads(threads int) int { return setMaxThreads(threads) }

// SetPanicOnFault has no effect: a fault outside the heap always ends the program. It returns the setting, false.
func SetPanicOnFault(enabled bool) bool { return false }

// SetTraceback sets how much is shown when the program dies, as GOTRACEBACK does, but not less than that asks for.
func SetTraceback(level string) { setTraceback(level) }

func setTraceback(level string)

// FreeOSMemory collects garbage and gives free memory back to the system.
func FreeOSMemory() { freeOSMemory() }

// Stack returns the goroutine's trace.
func Stack() []byte {
	buffer := make([]byte, 1024)
	for {
		n := runtime.Stack(buffer, false)
		if n < len(buffer) {
			return buffer[:n]
		}
		buffer = make([]byte, 2*len(buffer))
	}
}

// PrintStack prints the goroutine's trace to standard error.
func PrintStack() { os.Stderr.Write(Stack()) }

// GCStats has the history of collections.
type GCStats struct {
	LastGC         time.Time
	NumGC          int64
	PauseTotal     time.Duration
	Pause          []time.Duration // the latest first
	PauseEnd       []time.Time     // likewise
	PauseQuantiles []time.Duration // filled from the least to the greatest if it is not empty
}

// ReadGCStats fills stats.
func ReadGCStats(stats *GCStats) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	stats.LastGC = time.Unix(0, int64(m.LastGC))
	stats.NumGC = int64(m.NumGC)
	stats.PauseTotal = time.Duration(m.PauseTotalNs)
	stats.Pause = stats.Pause[:0]
	stats.PauseEnd = stats.PauseEnd[:0]
	count := min(int(m.NumGC), len(m.PauseNs))
	for i := range count {
		at := (int(m.NumGC) + len(m.PauseNs) - 1 - i) % len(m.PauseNs)
		stats.Pause = append(stats.Pause, time.Duration(m.PauseNs[at]))
		stats.PauseEnd = append(stats.PauseEnd, time.Unix(0, int64(m.PauseEnd[at])))
	}
	quantiles := len(stats.PauseQuantiles)
	if quantiles == 0 {
		return
	}
	sorted := append([]time.Duration(nil), stats.Pause...)
	for i := 1; i < len(sorted); i++ {
		for j := i; j > 0 && sorted[j] < sorted[j-1]; j-- {
			sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
		}
	}
	for i := range quantiles {
		stats.PauseQuantiles[i] = 0
		if count > 0 {
			stats.PauseQuantiles[i] = sorted[(count-1)*i/max(quantiles-1, 1)]
		}
	}
}
