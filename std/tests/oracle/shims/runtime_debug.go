package debug

func setGCPercent(percent int) int     { return percent }
func setMemoryLimit(limit int64) int64 { return limit }
func setMaxStack(bytes int) int        { return bytes }
func setMaxThreads(threads int) int    { return threads }
func freeOSMemory()                    {}
