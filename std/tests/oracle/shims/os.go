package os

import (
	"os"
	"strings"
	"syscall"
)

func number(err error) int {
	if err == nil {
		return 0
	}
	return int(err.(syscall.Errno))
}

func read(fd int, p []byte) (n int, errno int) {
	n, err := syscall.Read(fd, p)
	return n, number(err)
}

func write(fd int, p []byte) (n int, errno int) {
	for n < len(p) {
		m, err := syscall.Write(fd, p[n:])
		if err != nil {
			return n, number(err)
		}
		n += m
	}
	return n, 0
}

func pread(fd int, p []byte, offset int64) (n int, errno int) {
	n, err := syscall.Pread(fd, p, offset)
	return n, number(err)
}

func pwrite(fd int, p []byte, offset int64) (n int, errno int) {
	n, err := syscall.Pwrite(fd, p, offset)
	return n, number(err)
}

func seek(fd int, offset int64, whence int) (position int64, errno int) {
	position, err := syscall.Seek(fd, offset, whence)
	return position, number(err)
}

func open(name string, flag int, perm uint32) (fd int, errno int) {
	fd, err := syscall.Open(name, flag|syscall.O_CLOEXEC, perm)
	return fd, number(err)
}

func closeDescriptor(fd int) (errno int) { return number(syscall.Close(fd)) }
func sync(fd int) (errno int)            { return number(syscall.Fsync(fd)) }

func truncate(fd int, name string, size int64) (errno int) {
	if fd < 0 {
		return number(syscall.Truncate(name, size))
	}
	return number(syscall.Ftruncate(fd, size))
}

func pipe() (readEnd int, writeEnd int, errno int) {
	var ends [2]int
	err := syscall.Pipe(ends[:])
	return ends[0], ends[1], number(err)
}

func stat(fd int, name string, follow bool) (mode uint32, size int64, seconds int64, nanoseconds int64, device uint64, inode uint64, errno int) {
	var s syscall.Stat_t
	var err error
	switch {
	case fd >= 0:
		err = syscall.Fstat(fd, &s)
	case follow:
		err = syscall.Stat(name, &s)
	default:
		err = syscall.Lstat(name, &s)
	}
	return s.Mode, s.Size, s.Mtim.Sec, s.Mtim.Nsec, s.Dev, s.Ino, number(err)
}

func listDirectory(name string) (entries string, errno int) {
	list, err := os.ReadDir(name)
	if err != nil {
		return "", number(err.(*os.PathError).Err)
	}
	var text strings.Builder
	for i := range list {
		entry := list[len(list)-1-i] // not sorted
		kind := byte(8)
		if entry.IsDir() {
			kind = 4
		} else if entry.Type()&os.ModeSymlink != 0 {
			kind = 10
		}
		text.WriteByte(kind)
		text.WriteString(entry.Name())
		text.WriteByte(0)
	}
	return text.String(), 0
}

func mkdir(name string, perm uint32) (errno int) { return number(syscall.Mkdir(name, perm)) }
func unlink(name string) (errno int)             { return number(syscall.Unlink(name)) }
func rmdir(name string) (errno int)              { return number(syscall.Rmdir(name)) }
func rename(from, to string) (errno int)         { return number(syscall.Rename(from, to)) }

func link(from, to string, symbolic bool) (errno int) {
	if symbolic {
		return number(syscall.Symlink(from, to))
	}
	return number(syscall.Link(from, to))
}

func readlink(name string) (target string, errno int) {
	buffer := make([]byte, 4096)
	n, err := syscall.Readlink(name, buffer)
	return string(buffer[:max(n, 0)]), number(err)
}

func chmod(name string, mode uint32) (errno int) { return number(syscall.Chmod(name, mode)) }
func chdir(name string) (errno int)              { return number(syscall.Chdir(name)) }

func getcwd() (name string, errno int) {
	name, err := syscall.Getwd()
	return name, number(err)
}

func arguments() []string   { return os.Args }
func environment() []string { return os.Environ() }

func processNumber(which int) int {
	return [...]func() int{os.Getpid, os.Getppid, os.Getuid, os.Geteuid, os.Getgid, os.Getegid}[which]()
}

func isTerminal(fd int) bool { return false }
func exit(code int)          { os.Exit(code) }
