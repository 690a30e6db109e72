package runtime

// SetFinalizer has finalizer called with obj, some time after obj is no longer reachable; with nil no longer. Calls that make no
// sense end the program.
func SetFinalizer(obj any, finalizer any) { setFinalizer(obj, finalizer, runFinalizers) }

// runFinalizers calls what is ready: the goroutine that the runtime starts for that.
func runFinalizers() {
	for {
		// NATIVES.md says why any finalizer can be called as one of these.
		kind, call, object, callInterface, value, results, cleanup := nextFinalizer()
		switch kind {
		case 0:
			return
		case 1:
			call(object, results)
		case 2:
			callInterface(value, results)
		case 3:
			cleanup()
		}
	}
}

func setFinalizer(obj any, finalizer any, run func())

func nextFinalizer() (kind int, call func(object, results *byte), object *byte, callInterface func(object any, results *byte), value any, results *byte, cleanup func())
