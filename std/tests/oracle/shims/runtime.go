package runtime

import "runtime"

func GC()                                            { runtime.GC() }
func Gosched()                                       { runtime.Gosched() }
func Goexit()                                        { runtime.Goexit() }
func NumGoroutine() int                              { return runtime.NumGoroutine() }
func NumCPU() int                                    { return runtime.NumCPU() }
func GOMAXPROCS(n int) int                           { return runtime.GOMAXPROCS(n) }
func KeepAlive(x any)                                { runtime.KeepAlive(x) }
func memoryStatistics(out []uint64)                  {}
func callers(skip int, pc []uintptr) int             { return runtime.Callers(skip+2, pc) }
func funcEntry(f any) uintptr                        { return 0 }
func stackTrace(buffer []byte, all bool) int         { return runtime.Stack(buffer, all) }

func describe(pc uintptr) (function string, file string, line int, entry uintptr) {
	frame, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return frame.Function, frame.File, frame.Line, frame.Entry
}
