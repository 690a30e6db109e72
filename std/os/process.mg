package os

import "syscall"

// Args holds the program's name and its arguments.
var Args []string = arguments()

// Exit ends the program with this status at once; deferred calls do not run.
func Exit(code int) { exit(code) }

// Getpid returns the process's number.
func Getpid() int { return processNumber(0) }

// Getppid returns the parent's number.
func Getppid() int { return processNumber(1) }

// Getuid returns the user's number.
func Getuid() int { return processNumber(2) }

// Geteuid returns the effective user's number.
func Geteuid() int { return processNumber(3) }

// Getgid returns the group's number.
func Getgid() int { return processNumber(4) }

// Getegid returns the effective group's number.
func Getegid() int { return processNumber(5) }

// Getpagesize returns the size of a page of memory in bytes.
func Getpagesize() int { return syscall.Getpagesize() }

// Hostname returns the machine's name.
func Hostname() (name string, err error) {
	data, err := ReadFile("/proc/sys/kernel/hostname")
	if err != nil {
		return "", err
	}
	if n := len(data); n > 0 && data[n-1] == '\n' {
		data = data[:n-1]
	}
	return string(data), nil
}

// Executable returns the path of the program that runs, here MiniGo's.
func Executable() (string, error) { return Readlink("/proc/self/exe") }

// A Signal is a signal of the system.
type Signal interface {
	String() string
	Signal()
}

// The signals that every system has.
var (
	Interrupt Signal = syscall.SIGINT
	Kill      Signal = syscall.SIGKILL
)

// variables is the environment once something looks at it: key=value, the first of a key counts.
var (
	variables       []string
	variablesLoaded bool
)

func loadVariables() {
	if !variablesLoaded {
		variables = environment()
		variablesLoaded = true
	}
}

// variable returns the index of key in variables, -1 if it is not there.
func variable(key string) int {
	loadVariables()
	for i, v := range variables {
		if len(v) > len(key) && v[len(key)] == '=' && v[:len(key)] == key {
			return i
		}
	}
	return -1
}

// LookupEnv returns the variable's value and whether it is set.
func LookupEnv(key string) (string, bool) {
	if key == "" {
		return "", false
	}
	i := variable(key)
	if i < 0 {
		return "", false
	}
	return variables[i][len(key)+1:], true
}

// Getenv returns the variable's value, empty if it is not set.
func Getenv(key string) string {
	value, _ := LookupEnv(key)
	return value
}

// Setenv sets the variable, for this program.
func Setenv(key, value string) error {
	if key == "" {
		return NewSyscallError("setenv", syscall.EINVAL)
	}
	for i := range len(key) {
		if key[i] == '=' || key[i] == 0 {
			return NewSyscallError("setenv", syscall.EINVAL)
		}
	}
	for i := range len(value) {
		if value[i] == 0 {
			return NewSyscallError("setenv", syscall.EINVAL)
		}
	}
	if i := variable(key); i >= 0 {
		variables[i] = key + "=" + value
	} else {
		variables = append(variables, key+"="+value)
	}
	return nil
}

// Unsetenv removes the variable.
func Unsetenv(key string) error {
	if key == "" {
		return NewSyscallError("unsetenv", syscall.EINVAL)
	}
	for {
		i := variable(key)
		if i < 0 {
			return nil
		}
		variables = append(variables[:i], variables[i+1:]...)
	}
}

// Clearenv removes all variables.
func Clearenv() { variables, variablesLoaded = nil, true }

// Environ returns a copy of the environment, key=value each.
func Environ() []string {
	loadVariables()
	return append([]string(nil), variables...)
}

// ExpandEnv replaces $name and ${name} by variables.
func ExpandEnv(s string) string { return Expand(s, Getenv) }

// Expand replaces $name and ${name} by what mapping gives.
func Expand(s string, mapping func(string) string) string {
	var out []byte
	copied := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			continue
		}
		out = append(out, s[copied:i]...)
		name, width := variableName(s[i+1:])
		switch {
		case name != "":
			out = append(out, mapping(name)...)
		case width == 0:
			out = append(out, '$') // no name follows: the dollar stays
		}
		i += width
		copied = i + 1
	}
	if copied == 0 {
		return s
	}
	return string(append(out, s[copied:]...))
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isSpecialName reports whether c alone is a name, as in a shell.
func isSpecialName(c byte) bool {
	switch c {
	case '*', '#', '$', '@', '!', '?', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return true
	}
	return false
}

// variableName returns the name behind a dollar and how many bytes it takes with its braces. Bad syntax takes bytes too.
func variableName(s string) (name string, width int) {
	if s[0] == '{' {
		if len(s) > 2 && isSpecialName(s[1]) && s[2] == '}' {
			return s[1:2], 3
		}
		for i := 1; i < len(s); i++ {
			if s[i] == '}' {
				if i == 1 {
					return "", 2
				}
				return s[1:i], i + 1
			}
		}
		return "", 1
	}
	if isSpecialName(s[0]) {
		return s[:1], 1
	}
	end := 0
	for end < len(s) && isNameByte(s[end]) {
		end++
	}
	return s[:end], end
}
