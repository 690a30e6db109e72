// Package runtime is the program's door to the scheduler, the collector and the call stack.
package runtime

// Compiler is Go's name for the compiler whose behaviour this one has.
const Compiler = "gc"

// GOOS is the operating system.
const GOOS = "linux"

// MemProfileRate is of no effect: there is no memory profile here.
var MemProfileRate int = 512 * 1024

// NATIVES.md says exactly what each does.

// GC collects garbage and returns when it is done.
func GC()

// Gosched lets other goroutines run.
func Gosched()

// Goexit ends the goroutine, after its deferred calls.
func Goexit()

// NumGoroutine returns the number of goroutines.
func NumGoroutine() int

// NumCPU returns the number of processors the program may use.
func NumCPU() int

// GOMAXPROCS sets how many goroutines may run at the same time, if n > 0, and returns the setting before.
func GOMAXPROCS(n int) int {
	before := setProcessors(n)
	if n > 0 && n < before {
		Gosched() // perhaps off a processor that is one too many
	}
	return before
}

func setProcessors(n int) int

// KeepAlive keeps x alive up to this call.
func KeepAlive(x any)

// Breakpoint stops the program under a debugger, and ends it if there is none.
func Breakpoint()

func memoryStatistics(out []uint64)

func callers(skip int, pc []uintptr) int

func describe(pc uintptr) (function string, file string, line int, entry uintptr)

func funcEntry(f any) uintptr

func stackTrace(buffer []byte, all bool) int

func lockThread()

func unlockThread()

// Version returns the version of Go whose language and library this is.
func Version() string { return "go1.27" }

// GOROOT returns the root of Go's installation: there is none.
func GOROOT() string { return "" }

// NumCgoCall returns the number of calls of C: there are none.
func NumCgoCall() int64 { return 0 }

// LockOSThread has the calling goroutine run on the thread it runs on now, and no other goroutine run there, until it ends
// or has called UnlockOSThread as often. A thread whose goroutine ends locked ends with it.
func LockOSThread() { lockThread() }

// UnlockOSThread undoes a call of LockOSThread, if there is one to be undone.
func UnlockOSThread() { unlockThread() }

// Stack writes the goroutine's trace, or with all every goroutine's, to buf and returns how much it wrote.
func Stack(buf []byte, all bool) int { return stackTrace(buf, all) }
