// Tries bufio, io, errors, os, sync, context, flag and log: against Go where the result is data, by assertions elsewhere.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand"
	"os"
	"strings"
	"time"

	mgbufio "mg/bufio"
	mgcontext "mg/context"
	mgerrors "mg/errors"
	mgflag "mg/flag"
	mgio "mg/io"
	mglog "mg/log"
	mgos "mg/os"
	mgsync "mg/sync"
	mgatomic "mg/sync/atomic"
	mgtime "mg/time"
)

var failures, count int

func compare(what string, ours, theirs any) {
	count++
	if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b {
		failures++
		if failures <= 40 {
			fmt.Printf("%s\n  ours:   %s\n  theirs: %s\n", what, a, b)
		}
	}
}

// chunks reads data in pieces of random size.
type chunks struct {
	data   string
	random *rand.Rand
	end    error
}

func (c *chunks) Read(p []byte) (int, error) {
	if c.data == "" {
		return 0, c.end
	}
	n := min(c.random.Intn(12), len(c.data), len(p))
	copy(p, c.data[:n])
	c.data = c.data[n:]
	return n, nil
}

type code int

func (c code) Error() string        { return fmt.Sprint("code ", int(c)) }
func (c code) Is(target error) bool { return target == io.ErrClosedPipe }

func checkBufio(random *rand.Rand) {
	text := ""
	for range random.Intn(60) {
		text += []string{"a", "bcd", "\n", "\r\n", " ", "é", "世", "\xff", "long word here", "\t"}[random.Intn(10)]
	}
	seed := random.Int63()
	ours := mgbufio.NewReaderSize(&chunks{text, rand.New(rand.NewSource(seed)), mgio.EOF}, 16)
	theirs := bufio.NewReaderSize(&chunks{text, rand.New(rand.NewSource(seed)), io.EOF}, 16)
	for range 40 {
		n := random.Intn(24)
		switch op := random.Intn(11); op {
		case 0:
			p, q := make([]byte, n), make([]byte, n)
			a, err := ours.Read(p)
			b, err2 := theirs.Read(q)
			compare("Read", fmt.Sprint(a, err, p), fmt.Sprint(b, err2, q))
		case 1:
			a, err := ours.ReadByte()
			b, err2 := theirs.ReadByte()
			compare("ReadByte", fmt.Sprint(a, err), fmt.Sprint(b, err2))
		case 2:
			a, i, err := ours.ReadRune()
			b, j, err2 := theirs.ReadRune()
			compare("ReadRune", fmt.Sprint(a, i, err), fmt.Sprint(b, j, err2))
		case 3:
			compare("UnreadByte", ours.UnreadByte(), theirs.UnreadByte())
		case 4:
			compare("UnreadRune", ours.UnreadRune(), theirs.UnreadRune())
		case 5:
			a, err := ours.Peek(n)
			b, err2 := theirs.Peek(n)
			compare("Peek", fmt.Sprint(string(a), err), fmt.Sprint(string(b), err2))
		case 6:
			a, err := ours.Discard(n)
			b, err2 := theirs.Discard(n)
			compare("Discard", fmt.Sprint(a, err), fmt.Sprint(b, err2))
		case 7:
			a, err := ours.ReadSlice('\n')
			b, err2 := theirs.ReadSlice('\n')
			compare("ReadSlice", fmt.Sprint(string(a), err), fmt.Sprint(string(b), err2))
		case 8:
			a, more, err := ours.ReadLine()
			b, more2, err2 := theirs.ReadLine()
			compare("ReadLine", fmt.Sprint(string(a), more, err), fmt.Sprint(string(b), more2, err2))
		case 9:
			a, err := ours.ReadString(' ')
			b, err2 := theirs.ReadString(' ')
			compare("ReadString", fmt.Sprint(a, err), fmt.Sprint(b, err2))
		case 10:
			compare("Buffered", ours.Buffered(), theirs.Buffered())
		}
	}
	splits := []mgbufio.SplitFunc{mgbufio.ScanLines, mgbufio.ScanWords, mgbufio.ScanRunes, mgbufio.ScanBytes}
	theirSplits := []bufio.SplitFunc{bufio.ScanLines, bufio.ScanWords, bufio.ScanRunes, bufio.ScanBytes}
	for i := range splits {
		a := mgbufio.NewScanner(&chunks{text, rand.New(rand.NewSource(seed)), mgio.EOF})
		b := bufio.NewScanner(&chunks{text, rand.New(rand.NewSource(seed)), io.EOF})
		limit := 8 + random.Intn(64)
		a.Buffer(make([]byte, 0, 4), limit)
		b.Buffer(make([]byte, 0, 4), limit)
		a.Split(splits[i])
		b.Split(theirSplits[i])
		var listA, listB []string
		for a.Scan() {
			listA = append(listA, a.Text())
		}
		for b.Scan() {
			listB = append(listB, b.Text())
		}
		compare("Scanner", fmt.Sprintf("%q %v", listA, a.Err()), fmt.Sprintf("%q %v", listB, b.Err()))
	}
	var out, theirOut bytes.Buffer
	w, v := mgbufio.NewWriterSize(&out, 16), bufio.NewWriterSize(&theirOut, 16)
	for range 20 {
		piece := text[:random.Intn(len(text)+1)]
		switch random.Intn(5) {
		case 0:
			w.WriteString(piece)
			v.WriteString(piece)
		case 1:
			w.Write([]byte(piece))
			v.Write([]byte(piece))
		case 2:
			w.WriteRune('世')
			v.WriteRune('世')
		case 3:
			w.WriteByte('b')
			v.WriteByte('b')
		case 4:
			w.Flush()
			v.Flush()
		}
		compare("Writer", out.String(), theirOut.String())
		compare("Available", w.Available(), v.Available())
	}
}

func checkErrors() {
	plain := errors.New("plain")
	list := []error{nil, plain, code(3), fmt.Errorf("w %w", plain), fmt.Errorf("w %w %w", code(4), io.EOF), errors.Join(plain, nil, code(5)), mgerrors.Join(plain, nil, code(5)), errors.Join(), mgerrors.Join(nil)}
	for _, err := range list {
		for _, target := range append(list, io.EOF, io.ErrClosedPipe) {
			compare("Is", mgerrors.Is(err, target), errors.Is(err, target))
		}
		var a, b code
		compare("As", fmt.Sprint(mgerrors.As(err, &a), a), fmt.Sprint(errors.As(err, &b), b))
		var c, d interface{ Is(error) bool }
		compare("As", fmt.Sprint(mgerrors.As(err, &c), c), fmt.Sprint(errors.As(err, &d), d))
		compare("Unwrap", mgerrors.Unwrap(err), errors.Unwrap(err))
	}
	for _, target := range []any{nil, 1, new(int), (*error)(nil)} {
		text := func(as func(error, any) bool) (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			as(plain, target)
			return ""
		}
		compare("As panics", text(mgerrors.As), text(errors.As))
	}
}

func checkOS() {
	dir, err := mgos.MkdirTemp("", "check*dir")
	compare("MkdirTemp", err, nil)
	defer func() { compare("RemoveAll", mgos.RemoveAll(dir), nil) }()
	name := dir + "/file"
	compare("WriteFile", mgos.WriteFile(name, []byte("hello"), 0644), nil)
	data, err := mgos.ReadFile(name)
	compare("ReadFile", fmt.Sprint(string(data), " ", err), "hello <nil>")
	_, err = mgos.Open(dir + "/none")
	_, theirErr := os.Open(dir + "/none")
	compare("Open", err, theirErr)
	compare("IsNotExist", fmt.Sprint(mgos.IsNotExist(err), mgerrors.Is(err, mgos.ErrNotExist), mgerrors.Is(err, mgos.ErrExist)), "true true false")
	for _, bad := range []string{"", dir, dir + "/file/x", "/proc/none", dir + "/none"} {
		err, theirErr := mgos.Mkdir(bad, 0755), error(nil)
		mgos.Remove(dir + "/none")
		theirErr = os.Mkdir(bad, 0755)
		os.Remove(dir + "/none")
		compare("Mkdir", err, theirErr)
		compare("Remove", mgos.Remove(bad+"/y"), os.Remove(bad+"/y"))
		_, err = mgos.ReadFile(bad)
		_, theirErr = os.ReadFile(bad)
		compare("ReadFile", err, theirErr)
		compare("Rename", mgos.Rename(bad, bad+"/z"), os.Rename(bad, bad+"/z"))
		_, err = mgos.Stat(bad)
		_, theirErr = os.Stat(bad)
		compare("Stat", err, theirErr)
		compare("Chdir", mgos.Chdir(bad+"/n"), os.Chdir(bad+"/n"))
		_, err = mgos.ReadDir(bad + "/q")
		_, theirErr = os.ReadDir(bad + "/q")
		compare("ReadDir", err, theirErr)
	}
	compare("MkdirAll", mgos.MkdirAll(dir+"/a/b/c", 0755), nil)
	compare("MkdirAll", mgos.MkdirAll(dir+"/file/b/c", 0755), os.MkdirAll(dir+"/file/b/c", 0755))
	compare("Symlink", mgos.Symlink("file", dir+"/link"), nil)
	entries, err := mgos.ReadDir(dir)
	theirEntries, theirErr := os.ReadDir(dir)
	for i := range entries {
		info, _ := entries[i].Info()
		theirInfo, _ := theirEntries[i].Info()
		compare("entry", fmt.Sprint(entries[i], info.Size(), info.Mode(), info.ModTime().UTC(), info.IsDir()), fmt.Sprint(theirEntries[i], theirInfo.Size(), theirInfo.Mode(), theirInfo.ModTime().UTC(), theirInfo.IsDir()))
	}
	compare("ReadDir", fmt.Sprint(len(entries), err), fmt.Sprint(len(theirEntries), theirErr))
	f, _ := mgos.OpenFile(name, mgos.O_RDWR|mgos.O_APPEND, 0)
	f.WriteString(" world")
	position, err := f.Seek(-5, mgio.SeekEnd)
	rest, err2 := mgio.ReadAll(f)
	compare("Seek", fmt.Sprintln(position, err, string(rest), err2), "6 <nil> world <nil>\n")
	f.Close()
	_, err = f.Write(nil)
	compare("closed", err, "write "+name+": file already closed")
	compare("closed", mgerrors.Is(f.Close(), mgos.ErrClosed), true)
	mgos.Setenv("CHECK", "x=y")
	compare("Getenv", mgos.Getenv("CHECK")+mgos.Getenv("NO SUCH"), "x=y")
	for _, s := range []string{"$CHECK", "${CHECK}!", "$", "a$ b", "${", "${}", "$$", "$1x", "${*}", "$CHECK$HOME-${HOME"} {
		mapping := func(n string) string { return "<" + n + ">" }
		compare("Expand "+s, mgos.Expand(s, mapping), os.Expand(s, mapping))
	}
}

func checkIO() {
	r, w := mgio.Pipe()
	go func() {
		mgio.WriteString(w, "through the pipe")
		w.CloseWithError(code(1))
	}()
	data, err := mgio.ReadAll(r)
	compare("Pipe", fmt.Sprintln(string(data), err), "through the pipe code 1\n")
	section := mgio.NewSectionReader(strings.NewReader("0123456789"), 2, 5)
	position, err := section.Seek(-2, mgio.SeekEnd)
	p := make([]byte, 4)
	n, err2 := section.Read(p)
	compare("Section", fmt.Sprintln(position, err, string(p[:n]), err2), "3 <nil> 56 <nil>\n")
}

func checkSync() {
	var m mgsync.Mutex
	var rw mgsync.RWMutex
	var group mgsync.WaitGroup
	var once mgsync.Once
	var total mgatomic.Int64
	counter, shared, calls := 0, 0, 0
	for i := range 8 {
		group.Go(func() {
			for j := range 300 {
				m.Lock()
				counter++
				m.Unlock()
				if (i+j)%5 == 0 {
					rw.Lock()
					shared++
					rw.Unlock()
				} else {
					rw.RLock()
					_ = shared
					rw.RUnlock()
				}
				total.Add(2)
				once.Do(func() { calls++ })
			}
		})
	}
	group.Wait()
	compare("sync", fmt.Sprint(counter, shared, total.Load(), calls), "2400 480 4800 1")
	cond := mgsync.NewCond(&m)
	ready := 0
	for range 4 {
		group.Go(func() {
			m.Lock()
			for ready == 0 {
				cond.Wait()
			}
			m.Unlock()
		})
	}
	time.Sleep(5 * time.Millisecond)
	m.Lock()
	ready = 1
	m.Unlock()
	cond.Broadcast()
	group.Wait()
	text := func(f func()) (text string) {
		defer func() { text = fmt.Sprint(recover()) }()
		f()
		return ""
	}
	compare("misuse", text(func() { m.Unlock() }), "fatal error: sync: unlock of unlocked mutex")
	compare("misuse", text(func() { rw.RUnlock() }), "fatal error: sync: RUnlock of unlocked RWMutex")
	compare("misuse", text(func() { group.Done() }), "sync: negative WaitGroup counter")
	var v mgatomic.Value
	v.Store(1)
	compare("Value", fmt.Sprintln(v.Load(), v.CompareAndSwap(1, 2), v.Swap(3), text(func() { v.Store("x") })), "1 true 2 sync/atomic: store of inconsistently typed value into Value\n")
	var table mgsync.Map
	table.Store("a", 1)
	actual, loaded := table.LoadOrStore("a", 2)
	table.Delete("a")
	_, ok := table.Load("a")
	compare("Map", fmt.Sprint(actual, loaded, ok), "1 true false")
}

func checkContext() {
	root, cancel := mgcontext.WithCancelCause(mgcontext.WithValue(mgcontext.Background(), code(1), "v"))
	child, stop := mgcontext.WithTimeout(root, mgtime.Hour)
	called := make(chan bool, 1)
	mgcontext.AfterFunc(child, func() { called <- true })
	halt := mgcontext.AfterFunc(child, func() { called <- false })
	compare("AfterFunc stop", fmt.Sprint(halt(), halt()), "true false")
	compare("before", fmt.Sprintln(child.Err(), child.Value(code(1)), child.Value(code(2))), "<nil> v <nil>\n")
	cancel(code(9))
	<-child.Done()
	compare("after", fmt.Sprint(child.Err(), mgcontext.Cause(child), <-called, mgcontext.WithoutCancel(child).Err()), "context canceled code 9 true <nil>")
	stop()
	short, stop := mgcontext.WithTimeout(mgcontext.Background(), 3*mgtime.Millisecond)
	<-short.Done()
	compare("timeout", fmt.Sprint(short.Err(), mgcontext.Cause(short)), "context deadline exceeded context deadline exceeded")
	stop()
	compare("String", root, "context.Background.WithValue(main.code, v).WithCancel")
}

func checkFlag() {
	var out, theirOut bytes.Buffer
	f, g := mgflag.NewFlagSet("set", mgflag.ContinueOnError), flag.NewFlagSet("set", flag.ContinueOnError)
	f.SetOutput(&out)
	g.SetOutput(&theirOut)
	a, b, c := f.Int("n", 5, "a `count` of\nthings"), f.Bool("b", false, "a boolean"), f.String("name", "x\"y", "a string")
	a2, b2, c2 := g.Int("n", 5, "a `count` of\nthings"), g.Bool("b", false, "a boolean"), g.String("name", "x\"y", "a string")
	d, d2 := f.Duration("d", 0, "time"), g.Duration("d", 0, "time")
	f.Float64("f", 1.5, "float")
	g.Float64("f", 1.5, "float")
	for _, line := range []string{"-n 3 -b --name=z rest -n 4", "-n x", "-b=maybe", "-z", "-n", "-h", "--", "-=", "-d 3m x", "-n 99999999999999999999", "-n=0x10 -b=true - y"} {
		err, theirErr := f.Parse(strings.Fields(line)), g.Parse(strings.Fields(line))
		compare("flag "+line, fmt.Sprint(err, *a, *b, *c, *d, f.Args(), f.NFlag()), fmt.Sprint(theirErr, *a2, *b2, *c2, *d2, g.Args(), g.NFlag()))
		compare("flag output", out.String(), theirOut.String())
	}
	var logged, theirLogged bytes.Buffer
	for _, flags := range []int{0, mglog.Lmsgprefix, mglog.Ldate | mglog.LUTC} {
		l, k := mglog.New(&logged, "p: ", flags), log.New(&theirLogged, "p: ", flags)
		l.Println("a", 1)
		k.Println("a", 1)
		l.Printf("%d\n", 2)
		k.Printf("%d\n", 2)
		l.Print("x", 1, 2)
		k.Print("x", 1, 2)
	}
	compare("log", logged.String(), theirLogged.String())
}

func main() {
	random := rand.New(rand.NewSource(5))
	for range 20000 {
		checkBufio(random)
	}
	checkErrors()
	checkOS()
	checkIO()
	checkSync()
	checkContext()
	checkFlag()
	fmt.Println(count, "comparisons,", failures, "differences")
	if failures > 0 {
		os.Exit(1)
	}
}
