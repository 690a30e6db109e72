// parallel
// Random programs on one channel: the history of each is that of a first-in-first-out queue.
package main

import (
	"fmt"
	"math/rand"
	"runtime"
	"sync"
	"sync/atomic"
)

// clock orders beginnings and ends: an operation takes effect between its own.
var clock atomic.Int64

type operation struct{ began, ended int64 }

// A history has what was done with each word. Every word is sent once.
type history struct {
	capacity       int
	sent, received []operation
	times          []atomic.Int32 // each word was received
	closing        operation
	lock           sync.Mutex
	found          []operation // receives that found the channel closed
}

// send sends a word in one of several ways.
func (h *history) send(c chan int, word int, way int) {
	var none chan int
	h.sent[word].began = clock.Add(1)
	switch way {
	case 0:
		c <- word
	case 1:
		select {
		case c <- word:
		case none <- word:
		}
	default:
		for sent := false; !sent; {
			h.sent[word].began = clock.Add(1)
			select {
			case c <- word:
				sent = true
			default:
				runtime.Gosched()
			}
		}
	}
	h.sent[word].ended = clock.Add(1)
}

// receive receives until the channel is closed.
func (h *history) receive(c chan int, way int) {
	var none chan int
	for {
		word, open := 0, false
		began := clock.Add(1)
		switch way {
		case 0:
			word, open = <-c
		default:
			select {
			case word, open = <-c:
			case <-none:
			}
		}
		ended := clock.Add(1)
		if !open {
			h.lock.Lock()
			h.found = append(h.found, operation{began, ended})
			h.lock.Unlock()
			return
		}
		h.received[word] = operation{began, ended}
		h.times[word].Add(1)
	}
}

// mistake says what is wrong with the history.
func (h *history) mistake() string {
	for a := range h.sent {
		if n := h.times[a].Load(); n != 1 {
			return fmt.Sprint(a, " was received ", n, " times")
		}
		if h.received[a].ended < h.sent[a].began {
			return fmt.Sprint(a, " was received before it was sent")
		}
		ended, begun := 0, 0
		for b := range h.sent {
			if h.sent[a].ended < h.sent[b].began && h.received[b].ended < h.received[a].began {
				return fmt.Sprint(b, " overtook ", a)
			}
			if h.sent[b].ended <= h.sent[a].ended {
				ended++
			}
			if h.received[b].began < h.sent[a].ended {
				begun++
			}
		}
		if ended > begun+h.capacity {
			return fmt.Sprint("no room for ", a)
		}
		for _, f := range h.found {
			if h.sent[a].ended < f.began && h.received[a].began > f.ended {
				return fmt.Sprint("closed before ", a)
			}
		}
	}
	for _, f := range h.found {
		if f.ended < h.closing.began {
			return "closed too early"
		}
	}
	return ""
}

func run(random *rand.Rand) string {
	senders, receivers, each := 1+random.Intn(4), 1+random.Intn(4), 1+random.Intn(8)
	words := senders * each
	h := &history{
		capacity: random.Intn(4),
		sent:     make([]operation, words),
		received: make([]operation, words),
		times:    make([]atomic.Int32, words),
	}
	c := make(chan int, h.capacity)
	var sending, receiving sync.WaitGroup
	for i := range senders {
		way := random.Intn(3)
		sending.Go(func() {
			for j := range each {
				h.send(c, i*each+j, way)
			}
		})
	}
	for range receivers {
		way := random.Intn(2)
		receiving.Go(func() { h.receive(c, way) })
	}
	sending.Wait()
	h.closing.began = clock.Add(1)
	close(c)
	receiving.Wait()
	return h.mistake()
}

func main() {
	random := rand.New(rand.NewSource(1))
	for i := range 300 {
		if m := run(random); m != "" {
			fmt.Println("program", i, m)
		}
	}
	fmt.Println("done")
}
