package os

// The system calls; NATIVES.md says exactly what each does.

func read(fd int, p []byte) (n int, errno int)

func write(fd int, p []byte) (n int, errno int)

func pread(fd int, p []byte, offset int64) (n int, errno int)

func pwrite(fd int, p []byte, offset int64) (n int, errno int)

func seek(fd int, offset int64, whence int) (position int64, errno int)

func open(name string, flag int, perm uint32) (fd int, errno int)

func closeDescriptor(fd int) (errno int)

func sync(fd int) (errno int)

func truncate(fd int, name string, size int64) (errno int)

func pipe() (readEnd int, writeEnd int, errno int)

func stat(fd int, name string, follow bool) (mode uint32, size int64, seconds int64, nanoseconds int64, device uint64, inode uint64, errno int)

func listDirectory(name string) (entries string, errno int)

func mkdir(name string, perm uint32) (errno int)

func unlink(name string) (errno int)

func rmdir(name string) (errno int)

func rename(from, to string) (errno int)

func link(from, to string, symbolic bool) (errno int)

func readlink(name string) (target string, errno int)

func chmod(name string, mode uint32) (errno int)

func chdir(name string) (errno int)

func getcwd() (name string, errno int)

func arguments() []string

func environment() []string

func processNumber(which int) int

func isTerminal(fd int) bool

func exit(code int)
