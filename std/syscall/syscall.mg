// Package syscall has the error numbers and the constants of Linux that os needs; the calls themselves are natives of os.
package syscall

// Flags of open.
const (
	O_RDONLY = 0x0
	O_WRONLY = 0x1
	O_RDWR   = 0x2
	O_CREAT  = 0x40
	O_EXCL   = 0x80
	O_TRUNC  = 0x200
	O_APPEND = 0x400
	O_SYNC   = 0x101000
)

// Bits of a file's mode.
const (
	S_IFMT   = 0xF000
	S_IFSOCK = 0xC000
	S_IFLNK  = 0xA000
	S_IFREG  = 0x8000
	S_IFBLK  = 0x6000
	S_IFDIR  = 0x4000
	S_IFCHR  = 0x2000
	S_IFIFO  = 0x1000
	S_ISUID  = 0x800
	S_ISGID  = 0x400
	S_ISVTX  = 0x200
)

// Descriptors of the standard streams.
const (
	Stdin  = 0
	Stdout = 1
	Stderr = 2
)

// A Signal is the number of a signal.
type Signal int

// Signals.
const (
	SIGHUP  Signal = 1
	SIGINT  Signal = 2
	SIGQUIT Signal = 3
	SIGKILL Signal = 9
	SIGPIPE Signal = 13
	SIGTERM Signal = 15
)

// Signal marks the type as an os.Signal.
func (s Signal) Signal() {}

// String returns the signal's name.
func (s Signal) String() string {
	switch s {
	case SIGHUP:
		return "hangup"
	case SIGINT:
		return "interrupt"
	case SIGQUIT:
		return "quit"
	case SIGKILL:
		return "killed"
	case SIGPIPE:
		return "broken pipe"
	case SIGTERM:
		return "terminated"
	}
	return "signal " + decimal(int(s))
}

// Getpagesize returns the size of a page of memory in bytes.
func Getpagesize() int { return 4096 }
