package os

import (
	"syscall"
	"time"
)

// Mkdir makes a directory; perm is less umask.
func Mkdir(name string, perm FileMode) error {
	return pathError("mkdir", name, mkdir(name, systemMode(perm)))
}

// MkdirAll makes a directory and those above it; one that exists is no error.
func MkdirAll(path string, perm FileMode) error {
	if info, err := Stat(path); err == nil {
		if info.IsDir() {
			return nil
		}
		return pathError("mkdir", path, int(syscall.ENOTDIR))
	}
	end := len(path)
	for end > 0 && path[end-1] == '/' {
		end--
	}
	for end > 0 && path[end-1] != '/' {
		end--
	}
	if end > 1 {
		if err := MkdirAll(path[:end-1], perm); err != nil {
			return err
		}
	}
	err := Mkdir(path, perm)
	if err != nil {
		if info, statErr := Lstat(path); statErr == nil && info.IsDir() {
			return nil
		}
	}
	return err
}

// Remove removes a file or an empty directory.
func Remove(name string) error {
	errno := unlink(name)
	if errno == 0 {
		return nil
	}
	dirErrno := rmdir(name)
	if dirErrno == 0 {
		return nil
	}
	// Both failed: rmdir's reason tells more, unless it is only that name is no directory.
	if syscall.Errno(dirErrno) != syscall.ENOTDIR {
		errno = dirErrno
	}
	return pathError("remove", name, errno)
}

// RemoveAll removes a path and everything below. That there is nothing is no error.
func RemoveAll(path string) error {
	if path == "" {
		return nil
	}
	if path == "." || len(path) > 1 && path[len(path)-2:] == "/." {
		return pathError("RemoveAll", path, int(syscall.EINVAL))
	}
	err := Remove(path)
	if err == nil || IsNotExist(err) {
		return nil
	}
	info, statErr := Lstat(path)
	if statErr != nil {
		if IsNotExist(statErr) {
			return nil
		}
		return statErr
	}
	if !info.IsDir() {
		return err
	}
	entries, listErr := ReadDir(path)
	if listErr != nil && !IsNotExist(listErr) {
		return listErr
	}
	var first error
	for _, entry := range entries {
		if err := RemoveAll(path + "/" + entry.Name()); err != nil && first == nil {
			first = err
		}
	}
	err = Remove(path)
	if err == nil || IsNotExist(err) {
		return nil
	}
	if first != nil {
		return first
	}
	return err
}

// Rename moves a file; it replaces newpath unless that is a directory.
func Rename(oldpath, newpath string) error {
	errno := rename(oldpath, newpath)
	if errno == 0 {
		return nil
	}
	if info, err := Lstat(newpath); err == nil && info.IsDir() && syscall.Errno(errno) == syscall.EISDIR {
		errno = int(syscall.EEXIST)
	}
	return &LinkError{"rename", oldpath, newpath, syscall.Errno(errno)}
}

// Link makes newname a hard link to oldname's file.
func Link(oldname, newname string) error {
	if errno := link(oldname, newname, false); errno != 0 {
		return &LinkError{"link", oldname, newname, syscall.Errno(errno)}
	}
	return nil
}

// Symlink makes newname a symbolic link to oldname.
func Symlink(oldname, newname string) error {
	if errno := link(oldname, newname, true); errno != 0 {
		return &LinkError{"symlink", oldname, newname, syscall.Errno(errno)}
	}
	return nil
}

// Readlink returns what a symbolic link points to.
func Readlink(name string) (string, error) {
	target, errno := readlink(name)
	return target, pathError("readlink", name, errno)
}

// Truncate sets the file's size.
func Truncate(name string, size int64) error {
	return pathError("truncate", name, truncate(-1, name, size))
}

// Chmod sets the file's mode.
func Chmod(name string, mode FileMode) error {
	return pathError("chmod", name, chmod(name, systemMode(mode)))
}

// Chdir makes dir the current directory.
func Chdir(dir string) error { return pathError("chdir", dir, chdir(dir)) }

// Getwd returns the current directory, as $PWD names it if that is the same.
func Getwd() (dir string, err error) {
	if dir = Getenv("PWD"); len(dir) > 0 && dir[0] == '/' {
		here, err := Stat(".")
		if err == nil {
			if named, err := Stat(dir); err == nil && SameFile(here, named) {
				return dir, nil
			}
		}
	}
	dir, errno := getcwd()
	if errno != 0 {
		return "", NewSyscallError("getwd", syscall.Errno(errno))
	}
	return dir, nil
}

// TempDir returns $TMPDIR, or /tmp.
func TempDir() string {
	if dir := Getenv("TMPDIR"); dir != "" {
		return dir
	}
	return "/tmp"
}

// splitPattern splits at the last star; without one everything is prefix.
func splitPattern(op, pattern string) (prefix, suffix string, err error) {
	prefix = pattern
	for i := len(pattern) - 1; i >= 0; i-- {
		if pattern[i] == '/' {
			return "", "", &PathError{Op: op, Path: pattern, Err: errPatternHasSeparator}
		}
		if pattern[i] == '*' && suffix == "" && len(prefix) == len(pattern) {
			prefix, suffix = pattern[:i], pattern[i+1:]
		}
	}
	return prefix, suffix, nil
}

type constantError string

func (e constantError) Error() string { return string(e) }

const errPatternHasSeparator = constantError("pattern contains path separator")

// temporary calls make with names in dir until one does not exist yet.
func temporary(op, dir, pattern string, make func(name string) error) (name string, err error) {
	if dir == "" {
		dir = TempDir()
	}
	prefix, suffix, err := splitPattern(op, pattern)
	if err != nil {
		return "", err
	}
	if dir[len(dir)-1] != '/' {
		dir += "/"
	}
	// A start that differs between programs and calls; the loop does the rest.
	number := uint64(time.Now().UnixNano())*6364136223846793005 + uint64(Getpid())
	for try := 0; ; try++ {
		name = dir + prefix + decimal(number>>32) + suffix
		err = make(name)
		if err == nil || !IsExist(err) || try >= 10000 {
			return name, err
		}
		number = number*6364136223846793005 + 1442695040888963407
	}
}

func decimal(n uint64) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return decimal(n/10) + string(rune('0'+n%10))
}

// CreateTemp makes and opens a new file in dir (TempDir if empty). A random number replaces the last star of pattern.
func CreateTemp(dir, pattern string) (*File, error) {
	var f *File
	_, err := temporary("createtemp", dir, pattern, func(name string) (err error) {
		f, err = OpenFile(name, O_RDWR|O_CREATE|O_EXCL, 0600)
		return err
	})
	return f, err
}

// MkdirTemp makes a new directory in dir (TempDir if empty), named like CreateTemp's files.
func MkdirTemp(dir, pattern string) (string, error) {
	name, err := temporary("mkdirtemp", dir, pattern, func(name string) error { return Mkdir(name, 0700) })
	if err != nil {
		return "", err
	}
	return name, nil
}

// UserHomeDir returns $HOME; it is an error if that is not set.
func UserHomeDir() (string, error) {
	if dir := Getenv("HOME"); dir != "" {
		return dir, nil
	}
	return "", constantError("$HOME is not defined")
}
