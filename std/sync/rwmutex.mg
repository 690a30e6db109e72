package sync

import "sync/atomic"

// An RWMutex is a lock that any number of readers or one writer can hold, unlocked at first. A writer that waits keeps
// new readers out.
type RWMutex struct {
	writer     Mutex  // held by the writer that holds the lock or waits for readers
	writerWake uint32 // where it waits for them
	readerWake uint32 // where readers wait for a writer
	readers    int32  // those that hold the lock or wait, less writerPending while there is a writer
	departing  int32  // readers the writer still waits for
}

const writerPending = 1 << 30

// RLock takes the lock for reading.
func (rw *RWMutex) RLock() {
	if atomic.AddInt32(&rw.readers, 1) < 0 {
		semacquire(&rw.readerWake, waitRead, false)
	}
}

// TryRLock takes the lock for reading if no writer has it or waits, and reports whether it did.
func (rw *RWMutex) TryRLock() bool {
	for {
		readers := atomic.LoadInt32(&rw.readers)
		if readers < 0 {
			return false
		}
		if atomic.CompareAndSwapInt32(&rw.readers, readers, readers+1) {
			return true
		}
	}
}

// RUnlock undoes one RLock.
func (rw *RWMutex) RUnlock() {
	readers := atomic.AddInt32(&rw.readers, -1)
	if readers >= 0 {
		return
	}
	if readers+1 == 0 || readers+1 == -writerPending {
		fatal("sync: RUnlock of unlocked RWMutex")
	}
	if atomic.AddInt32(&rw.departing, -1) == 0 {
		semrelease(&rw.writerWake)
	}
}

// Lock takes the lock for writing.
func (rw *RWMutex) Lock() {
	if !rw.writer.TryLock() {
		rw.writer.lockSlow(waitWrite)
	}
	readers := atomic.AddInt32(&rw.readers, -writerPending) + writerPending
	if readers != 0 && atomic.AddInt32(&rw.departing, readers) != 0 {
		semacquire(&rw.writerWake, waitWrite, false)
	}
}

// TryLock takes the lock for writing if nobody has it, and reports whether it did.
func (rw *RWMutex) TryLock() bool {
	if !rw.writer.TryLock() {
		return false
	}
	if !atomic.CompareAndSwapInt32(&rw.readers, 0, -writerPending) {
		rw.writer.Unlock()
		return false
	}
	return true
}

// Unlock undoes Lock.
func (rw *RWMutex) Unlock() {
	readers := atomic.AddInt32(&rw.readers, writerPending)
	if readers >= writerPending {
		fatal("sync: Unlock of unlocked RWMutex")
	}
	for range readers {
		semrelease(&rw.readerWake)
	}
	rw.writer.Unlock()
}

// RLocker returns a Locker that reads.
func (rw *RWMutex) RLocker() Locker { return (*readLocker)(rw) }

type readLocker RWMutex

func (r *readLocker) Lock()   { (*RWMutex)(r).RLock() }
func (r *readLocker) Unlock() { (*RWMutex)(r).RUnlock() }
