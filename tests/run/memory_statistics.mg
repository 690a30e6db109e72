// run
package main

import (
	"fmt"
	"runtime"
	"time"
)

type node struct {
	left, right *node
	payload     [3]int
}

var keep []*node
var bytesKept [][]byte

func check(what string, ok bool) {
	if !ok {
		fmt.Println("violated:", what)
	}
}

// consistent checks what Go promises of the figures of one moment.
func consistent(m *runtime.MemStats) {
	check("Alloc is HeapAlloc", m.Alloc == m.HeapAlloc)
	check("HeapObjects is Mallocs less Frees", m.HeapObjects == m.Mallocs-m.Frees)
	check("HeapSys is in use or idle", m.HeapSys == m.HeapInuse+m.HeapIdle)
	check("objects lie in spans", m.HeapAlloc <= m.HeapInuse)
	check("only idle memory is released", m.HeapReleased <= m.HeapIdle)
	check("what was allocated is live or was freed", m.TotalAlloc >= m.HeapAlloc)
	check("stacks", m.StackInuse > 0 && m.StackInuse <= m.StackSys)
	check("spans", m.MSpanInuse > 0 && m.MSpanInuse <= m.MSpanSys)
	check("caches", m.MCacheInuse > 0 && m.MCacheInuse <= m.MCacheSys)
	parts := m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.BuckHashSys + m.GCSys + m.OtherSys
	check("Sys is the sum of its parts", m.Sys == parts)
	check("the next goal is beyond nothing", m.NextGC > 0)
	check("a share", m.GCCPUFraction >= 0 && m.GCCPUFraction <= 1)
	check("forced cycles are cycles", m.NumForcedGC <= m.NumGC)
	check("collection is on", m.EnableGC && !m.DebugGC)
	var mallocs, frees uint64
	for i, class := range m.BySize {
		mallocs += class.Mallocs
		frees += class.Frees
		check("no more is freed of a size than was allocated", class.Frees <= class.Mallocs)
		if i > 0 && class.Size != 0 {
			check("sizes rise", class.Size > m.BySize[i-1].Size)
		}
	}
	check("sizes hold no more than all", mallocs <= m.Mallocs && frees <= m.Frees)
	var pauses uint64
	for _, pause := range m.PauseNs {
		pauses += pause
	}
	if m.NumGC <= 256 {
		check("pauses add up", pauses == m.PauseTotalNs)
	}
	check("lookups are none", m.Lookups == 0)
}

func main() {
	var before, after runtime.MemStats
	began := time.Now()
	runtime.ReadMemStats(&before)
	consistent(&before)
	for i := 0; i < 1000; i++ {
		keep = append(keep, &node{left: &node{}})
		bytesKept = append(bytesKept, make([]byte, 40_000))
	}
	runtime.ReadMemStats(&after)
	consistent(&after)
	check("objects are counted", after.Mallocs-before.Mallocs >= 3000)
	check("bytes are counted", after.TotalAlloc-before.TotalAlloc >= 40_000_000+2000*40)
	check("they live", after.HeapAlloc >= 40_000_000)
	for i, class := range after.BySize[:] {
		if i > 0 && class.Size >= 40 && after.BySize[i-1].Size < 40 {
			check("by size", class.Mallocs-before.BySize[i].Mallocs >= 2000)
		}
	}

	before = after
	keep, bytesKept = nil, nil
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	consistent(&after)
	check("two cycles", after.NumGC >= before.NumGC+2 && after.NumForcedGC == before.NumForcedGC+2)
	check("frees", after.Frees-before.Frees >= 3000)
	check("little lives", after.HeapAlloc < 4_000_000)
	last := (after.NumGC + 255) % 256
	check("the last pause", after.PauseNs[last] > 0 && after.PauseEnd[last] == after.LastGC)
	check("it ended just now", after.LastGC >= uint64(began.UnixNano()) && after.LastGC <= uint64(time.Now().UnixNano()))
	check("pauses grow", after.PauseTotalNs > before.PauseTotalNs)
	check("collecting takes time", after.GCCPUFraction > 0)
	fmt.Println("done")
}
