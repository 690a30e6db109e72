package runtime

// Callers fills pc with the return addresses of the stack: skip 0 is Callers itself, 1 its caller. It returns how many.
func Callers(skip int, pc []uintptr) int { return callers(skip, pc) }

// Caller says where a call on the stack is: skip 0 is the call of Caller.
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	pcs := make([]uintptr, 1)
	if callers(skip+1, pcs) < 1 {
		return 0, "", 0, false
	}
	_, file, line, _ = describe(pcs[0])
	return pcs[0], file, line, true
}

// A Func is a function of the program.
type Func struct {
	name  string
	entry uintptr
}

// FuncForPC returns the function that holds the address, nil if none does.
func FuncForPC(pc uintptr) *Func {
	name, _, _, entry := describe(pc)
	if name == "" {
		return nil
	}
	return &Func{name, entry}
}

// Name returns the function's name with its package, empty for nil.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Entry returns the function's address.
func (f *Func) Entry() uintptr { return f.entry }

// FileLine says where the code at pc comes from.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	_, file, line, _ = describe(pc)
	return file, line
}

// A Frame is a function on the stack.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int
	Entry    uintptr
}

// Frames goes through what Callers returned.
type Frames struct{ callers []uintptr }

// CallersFrames returns the frames of these return addresses.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers} }

// Next returns the next frame, and whether there are more.
func (f *Frames) Next() (frame Frame, more bool) {
	for len(f.callers) > 0 {
		pc := f.callers[0]
		f.callers = f.callers[1:]
		name, file, line, entry := describe(pc)
		if name != "" {
			return Frame{pc, &Func{name, entry}, name, file, line, entry}, len(f.callers) > 0
		}
	}
	return Frame{}, false
}
