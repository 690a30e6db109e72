package io

import "sync"

// pipe joins a PipeWriter to a PipeReader without a buffer: a write hands its bytes to reads and waits for them.
type pipe struct {
	writing sync.Mutex // held by the one Write that is under way
	data    chan []byte
	taken   chan int // how much of the last data a read took

	once sync.Once // closes done
	done chan struct{}

	lock     sync.Mutex // guards the errors
	readErr  error      // what the reader's side was closed with
	writeErr error      // what the writer's side was closed with
}

// Pipe makes a synchronous pipe in memory.
func Pipe() (*PipeReader, *PipeWriter) {
	p := &pipe{data: make(chan []byte), taken: make(chan int), done: make(chan struct{})}
	return &PipeReader{p}, &PipeWriter{p}
}

func (p *pipe) closedForRead() error {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.readErr == nil && p.writeErr != nil {
		return p.writeErr
	}
	return ErrClosedPipe
}

func (p *pipe) closedForWrite() error {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.writeErr == nil && p.readErr != nil {
		return p.readErr
	}
	return ErrClosedPipe
}

func (p *pipe) isDone() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *pipe) close() { p.once.Do(func() { close(p.done) }) }

// A PipeReader is the reading side of a pipe.
type PipeReader struct{ p *pipe }

func (r *PipeReader) Read(data []byte) (n int, err error) {
	if r.p.isDone() {
		return 0, r.p.closedForRead()
	}
	select {
	case from := <-r.p.data:
		n = copy(data, from)
		r.p.taken <- n
		return n, nil
	case <-r.p.done:
		return 0, r.p.closedForRead()
	}
}

// Close makes writes fail with ErrClosedPipe.
func (r *PipeReader) Close() error { return r.CloseWithError(nil) }

// CloseWithError makes writes fail with err. The first close counts.
func (r *PipeReader) CloseWithError(err error) error {
	if err == nil {
		err = ErrClosedPipe
	}
	r.p.lock.Lock()
	if r.p.readErr == nil {
		r.p.readErr = err
	}
	r.p.lock.Unlock()
	r.p.close()
	return nil
}

// A PipeWriter is the writing side of a pipe.
type PipeWriter struct{ p *pipe }

func (w *PipeWriter) Write(data []byte) (n int, err error) {
	if w.p.isDone() {
		return 0, w.p.closedForWrite()
	}
	w.p.writing.Lock()
	defer w.p.writing.Unlock()
	for once := true; once || len(data) > 0; once = false {
		select {
		case w.p.data <- data:
			took := <-w.p.taken
			data = data[took:]
			n += took
		case <-w.p.done:
			return n, w.p.closedForWrite()
		}
	}
	return n, nil
}

// Close makes reads return EOF.
func (w *PipeWriter) Close() error { return w.CloseWithError(nil) }

// CloseWithError makes reads return err, EOF if it is nil. The first close counts.
func (w *PipeWriter) CloseWithError(err error) error {
	if err == nil {
		err = EOF
	}
	w.p.lock.Lock()
	if w.p.writeErr == nil {
		w.p.writeErr = err
	}
	w.p.lock.Unlock()
	w.p.close()
	return nil
}
