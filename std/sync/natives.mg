package sync

// Wait reasons of semacquire, for traces.
const (
	waitMutex     = 1
	waitRead      = 2
	waitWrite     = 3
	waitWaitGroup = 4
	waitCond      = 5
)

// NATIVES.md says exactly what each does.

func semacquire(addr *uint32, reason int, first bool)

func semrelease(addr *uint32)

func fatal(message string)

func nanotime() int64

func processor() (own int, count int)

func registerPool(p *Pool)
