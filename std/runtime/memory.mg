package runtime

// A MemStats has the heap's statistics, in bytes where it is not a count or time.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64 // Unix nanoseconds
	PauseTotalNs  uint64
	PauseNs       [256]uint64 // the last ones, that of collection n at (n+255)%256
	PauseEnd      [256]uint64 // Unix nanoseconds, likewise
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct { // the size classes are not Go's; those beyond the last have size zero
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m.
func ReadMemStats(m *MemStats) {
	var words [27 + 2*256 + 60*3]uint64
	memoryStatistics(words[:])
	m.Alloc = words[0]
	m.TotalAlloc = words[1]
	m.Sys = words[2]
	m.Lookups = words[3]
	m.Mallocs = words[4]
	m.Frees = words[5]
	m.HeapAlloc = words[6]
	m.HeapSys = words[7]
	m.HeapIdle = words[8]
	m.HeapInuse = words[9]
	m.HeapReleased = words[10]
	m.HeapObjects = words[11]
	m.StackInuse = words[12]
	m.StackSys = words[13]
	m.MSpanInuse = words[14]
	m.MSpanSys = words[15]
	m.MCacheInuse = words[16]
	m.MCacheSys = words[17]
	m.BuckHashSys = words[18]
	m.GCSys = words[19]
	m.OtherSys = words[20]
	m.NextGC = words[21]
	m.LastGC = words[22]
	m.PauseTotalNs = words[23]
	m.NumGC = uint32(words[24])
	m.NumForcedGC = uint32(words[25])
	m.GCCPUFraction = float64(words[26]) / 1e9
	m.EnableGC = true
	m.DebugGC = false
	copy(m.PauseNs[:], words[27:])
	copy(m.PauseEnd[:], words[27+256:])
	// The first entry is of size 0, as in Go.
	m.BySize[0].Size, m.BySize[0].Mallocs, m.BySize[0].Frees = 0, 0, 0
	for i := 1; i < len(m.BySize); i++ {
		class := words[27+2*256+(i-1)*3:]
		m.BySize[i].Size = uint32(class[0])
		m.BySize[i].Mallocs = class[1]
		m.BySize[i].Frees = class[2]
	}
}
