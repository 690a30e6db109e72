package os

import (
	"io"
	"io/fs"
	"syscall"
	"time"
)

// fileStat is the FileInfo of a file of the system.
type fileStat struct {
	name          string
	size          int64
	mode          FileMode
	modified      time.Time
	device, inode uint64
}

func (s *fileStat) Name() string       { return s.name }
func (s *fileStat) Size() int64        { return s.size }
func (s *fileStat) Mode() FileMode     { return s.mode }
func (s *fileStat) ModTime() time.Time { return s.modified }
func (s *fileStat) IsDir() bool        { return s.mode.IsDir() }
func (s *fileStat) Sys() any           { return nil }

// systemMode turns a FileMode into the system's bits.
func systemMode(mode FileMode) uint32 {
	bits := uint32(mode.Perm())
	if mode&ModeSetuid != 0 {
		bits |= syscall.S_ISUID
	}
	if mode&ModeSetgid != 0 {
		bits |= syscall.S_ISGID
	}
	if mode&ModeSticky != 0 {
		bits |= syscall.S_ISVTX
	}
	return bits
}

// fileMode is the reverse, with the type.
func fileMode(bits uint32) FileMode {
	mode := FileMode(bits & 0777)
	switch bits & syscall.S_IFMT {
	case syscall.S_IFBLK:
		mode |= ModeDevice
	case syscall.S_IFCHR:
		mode |= ModeDevice | ModeCharDevice
	case syscall.S_IFDIR:
		mode |= ModeDir
	case syscall.S_IFIFO:
		mode |= ModeNamedPipe
	case syscall.S_IFLNK:
		mode |= ModeSymlink
	case syscall.S_IFSOCK:
		mode |= ModeSocket
	}
	if bits&syscall.S_ISUID != 0 {
		mode |= ModeSetuid
	}
	if bits&syscall.S_ISGID != 0 {
		mode |= ModeSetgid
	}
	if bits&syscall.S_ISVTX != 0 {
		mode |= ModeSticky
	}
	return mode
}

// lastElement returns what stands behind the last slash that does not end the name.
func lastElement(name string) string {
	for len(name) > 1 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	for i := len(name) - 2; i >= 0; i-- {
		if name[i] == '/' {
			return name[i+1:]
		}
	}
	return name
}

func describe(op string, fd int, name string, follow bool) (FileInfo, error) {
	mode, size, seconds, nanoseconds, device, inode, errno := stat(fd, name, follow)
	if errno != 0 {
		return nil, pathError(op, name, errno)
	}
	return &fileStat{lastElement(name), size, fileMode(mode), time.Unix(seconds, nanoseconds), device, inode}, nil
}

// Stat describes the file, of a symbolic link its target.
func Stat(name string) (FileInfo, error) { return describe("stat", -1, name, true) }

// Lstat describes the file, of a symbolic link the link.
func Lstat(name string) (FileInfo, error) { return describe("lstat", -1, name, false) }

// Stat describes the open file.
func (f *File) Stat() (FileInfo, error) {
	if err := f.check("stat"); err != nil {
		return nil, err
	}
	return describe("stat", f.fd, f.name, true)
}

// SameFile reports whether two descriptions by this package are of one file.
func SameFile(fi1, fi2 FileInfo) bool {
	a, okA := fi1.(*fileStat)
	b, okB := fi2.(*fileStat)
	return okA && okB && a.device == b.device && a.inode == b.inode
}

// listed is a DirEntry of ReadDir.
type listed struct {
	folder string
	name   string
	mode   FileMode
}

func (e *listed) Name() string            { return e.name }
func (e *listed) IsDir() bool             { return e.mode.IsDir() }
func (e *listed) Type() FileMode          { return e.mode }
func (e *listed) Info() (FileInfo, error) { return Lstat(e.folder + "/" + e.name) }
func (e *listed) String() string          { return fs.FormatDirEntry(e) }

// ReadDir returns the directory's entries in name order.
func ReadDir(name string) ([]DirEntry, error) {
	text, errno := listDirectory(name)
	if errno != 0 {
		return nil, pathError("open", name, errno)
	}
	var entries []DirEntry
	for start := 0; start < len(text); {
		end := start + 1
		for text[end] != 0 {
			end++
		}
		entry := &listed{folder: name, name: text[start+1 : end]}
		switch text[start] { // d_type
		case 1:
			entry.mode = ModeNamedPipe
		case 2:
			entry.mode = ModeDevice | ModeCharDevice
		case 4:
			entry.mode = ModeDir
		case 6:
			entry.mode = ModeDevice
		case 8:
		case 10:
			entry.mode = ModeSymlink
		case 12:
			entry.mode = ModeSocket
		default: // the file system does not say
			info, err := entry.Info()
			if err != nil {
				return entries, err
			}
			entry.mode = info.Mode().Type()
		}
		entries = append(entries, entry)
		start = end + 1
	}
	sortEntries(entries)
	return entries, nil
}

// sortEntries sorts by name: a merge sort, directories may be long.
func sortEntries(entries []DirEntry) {
	if len(entries) < 2 {
		return
	}
	middle := len(entries) / 2
	low := append([]DirEntry(nil), entries[:middle]...)
	sortEntries(low)
	sortEntries(entries[middle:])
	i, j := 0, middle
	for k := 0; i < len(low); k++ {
		if j < len(entries) && entries[j].Name() < low[i].Name() {
			entries[k] = entries[j]
			j++
		} else {
			entries[k] = low[i]
			i++
		}
	}
}

// ReadDir returns the next n entries of the directory, all of the rest if n <= 0. At the end, n > 0 gives io.EOF.
func (f *File) ReadDir(n int) ([]DirEntry, error) {
	if err := f.check("readdir"); err != nil {
		return nil, err
	}
	if !f.isListed {
		entries, err := ReadDir(f.name)
		if err != nil {
			return nil, err
		}
		f.listing, f.isListed = entries, true
	}
	if n <= 0 {
		entries := f.listing
		f.listing = nil
		return entries, nil
	}
	if len(f.listing) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.listing))
	entries := f.listing[:n]
	f.listing = f.listing[n:]
	return entries, nil
}

// Readdirnames is ReadDir for the names.
func (f *File) Readdirnames(n int) (names []string, err error) {
	entries, err := f.ReadDir(n)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names, err
}

// DirFS returns the file system below a directory.
func DirFS(dir string) fs.FS { return dirFS(dir) }

type dirFS string

func (d dirFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &PathError{Op: "open", Path: name, Err: ErrInvalid}
	}
	f, err := Open(string(d) + "/" + name)
	if err != nil {
		return nil, &PathError{Op: "open", Path: name, Err: underlying(err)}
	}
	return f, nil
}
