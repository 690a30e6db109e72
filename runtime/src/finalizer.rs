//! Finalizers and cleanups: what the program is told when it sets one, and the goroutine that calls those that are ready.
//!
//! The heap finds out when ([`gc::Ready`]). After a collection that made some ready a goroutine is started, by a timer that is due,
//! unless there is one: it calls them one after the other (`runFinalizers` of the library), and ends when none is left. So
//! no goroutine waits for collections, and a program whose goroutines all wait is found dead as without finalizers.
//!
//! Compiled code that knows nothing of a finalizer's type calls it: as a function of the object, or of an interface value, and
//! of the address of room for results. All of these words go in registers, so a function that has no such parameter does not
//! notice; one whose results go through memory gets that address where it expects one (see `runtime::abi`).

use std::sync::atomic::Ordering::{AcqRel, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicU64};

use gc::{Finalizer, Ready};

use crate::abi::{Kind, RuntimeType};
use crate::alloc;
use crate::instance::Instance;
use crate::interface::find_itab;
use crate::natives::{Any, NativeCall};
use crate::scheduler::{TimerAction, note_due_timer, processor_of};

/// Whether there is a goroutine that calls finalizers, and what it runs.
#[derive(Debug, Default)]
pub struct Finalizers {
    /// Whether it is started, and has not found everything done.
    is_running: AtomicBool,
    /// The function value it runs; 0 before the program set a finalizer or added a cleanup. Not in the heap.
    runner: AtomicU64,
}

impl Finalizers {
    /// Notes what the goroutine is to run: a function value that is in no heap.
    pub(crate) fn set_runner(&self, closure: u64) {
        self.runner.store(closure, Relaxed);
    }

    /// After a collection: has what became ready called, soon.
    pub fn start(&self, instance: &Instance) {
        if !instance.heap.has_ready() || self.is_running.swap(true, AcqRel) {
            return;
        }
        let action = TimerAction::Call(self.runner.load(Relaxed));
        let timers = &instance.scheduler.slot(0).shared.timers;
        timers.lock().add(instance.now_ns(), action);
        note_due_timer(&instance.scheduler);
    }

    /// Whether a collection under way may have finalizers called, or one before had some become ready.
    pub fn may_start(&self, instance: &Instance) -> bool {
        let heap = &instance.heap;
        heap.may_make_ready() || heap.has_ready() && !self.is_running.load(Relaxed)
    }

    /// Takes the next to call. Without one the caller, the goroutine, is to end.
    fn next(&self, call: &mut NativeCall<'_>) -> Option<Ready> {
        let heap = &call.instance().heap;
        loop {
            let ready = heap.take_ready(&mut processor_of(call.g).cache);
            if ready.is_some() {
                return ready;
            }
            self.is_running.store(false, Relaxed);
            // Something may have become ready before that was seen.
            if !heap.has_ready() || self.is_running.swap(true, AcqRel) {
                return None;
            }
        }
    }
}

/// How the goroutine has to call, as the library numbers it.
enum Call {
    /// Nothing: it ends.
    Nothing = 0,
    /// A function of a pointer.
    Pointer = 1,
    /// A function of an interface value.
    Interface = 2,
    /// A function without parameters.
    Cleanup = 3,
}

/// Elements of fewer bytes, without pointers, may share a slot in Go: their addresses need not be the object's.
const TINY_BYTES: u64 = 16;

/// `runtime.setFinalizer(obj any, finalizer any, run func())`.
pub fn set(call: &mut NativeCall<'_>) {
    let (object, finalizer, runner) = (call.any(), call.any(), call.word());
    if let Err(problem) = try_set(call, object, finalizer, runner) {
        crate::fatal::throw(call.g, &format!("runtime.SetFinalizer: {problem}"));
    }
}

fn try_set(
    call: &NativeCall<'_>,
    object: Any<'_>,
    finalizer: Any<'_>,
    runner: u64,
) -> Result<(), String> {
    let instance = call.instance();
    let heap = &instance.heap;
    let Some(ty) = object.ty else {
        return Err("first argument is nil".to_owned());
    };
    if ty.kind != Kind::Pointer {
        return Err(format!("first argument is {}, not pointer", ty.name));
    }
    let address = object.data.addr();
    let Some(found) = heap.find_object(address) else {
        // A variable of a package, or a value without size.
        return if address == 0 {
            Err("pointer not in allocated block".to_owned())
        } else {
            Ok(())
        };
    };
    // SAFETY: types of the image live as long as the program.
    let element = unsafe { &*ty.element };
    let is_tiny = element.size_bytes < TINY_BYTES && !element.descriptor.has_pointers();
    if address != found.base && !is_tiny {
        return Err("pointer not at beginning of allocated block".to_owned());
    }
    let Some(function) = finalizer.ty else {
        heap.clear_finalizer(address);
        return Ok(());
    };
    if function.kind != Kind::Function {
        return Err(format!(
            "second argument is {}, not a function",
            function.name
        ));
    }
    let refusal = || format!("cannot pass {} to finalizer {}", ty.name, function.name);
    if function.is_variadic {
        return Err(refusal() + " because dotdotdot");
    }
    let [parameter] = function.parameters[..] else {
        return Err(refusal());
    };
    // SAFETY: as above.
    let parameter = unsafe { &*parameter };
    let Some(interface_word) = interface_word(instance, ty, parameter) else {
        return Err(refusal());
    };
    instance.finalizers.set_runner(runner);
    let finalizer = Finalizer {
        function: finalizer.data.addr(),
        context: [interface_word, results_bytes(function)],
    };
    if heap.set_finalizer(address, finalizer) {
        Ok(())
    } else {
        Err("finalizer already set".to_owned())
    }
}

/// The first word of the interface value that a finalizer is called with whose parameter is an interface; 0 for one that takes
/// the pointer. `None` if it can take neither.
fn interface_word(instance: &Instance, ty: &RuntimeType, parameter: &RuntimeType) -> Option<usize> {
    let has_own_name_or_methods = |ty: &RuntimeType| ty.is_named || !ty.methods.is_empty();
    match parameter.kind {
        _ if std::ptr::eq(parameter, ty) => Some(0),
        Kind::Pointer => {
            let may_differ = !has_own_name_or_methods(parameter) || !has_own_name_or_methods(ty);
            (may_differ && parameter.element == ty.element).then_some(0)
        }
        Kind::Interface if parameter.methods.is_empty() => Some((&raw const *ty).addr()),
        Kind::Interface => {
            Some(find_itab(instance, parameter, ty).addr()).filter(|&itab| itab != 0)
        }
        _ => None,
    }
}

/// At least the bytes that all results take in memory.
fn results_bytes(function: &RuntimeType) -> usize {
    let size = |result: &*const RuntimeType| {
        // SAFETY: types of the image live as long as the program.
        let result = unsafe { &**result };
        result.size_bytes.next_multiple_of(8) as usize
    };
    function.results.iter().map(size).sum()
}

/// `runtime.nextFinalizer()`: how to call the next, a function value, the object; again a function value, the interface value;
/// the address of room for results; and a function value without parameters.
pub fn next(call: &mut NativeCall<'_>) {
    let mut words = [0; 7];
    match call.instance().finalizers.next(call) {
        None => words[0] = Call::Nothing as usize,
        Some(Ready::Finalizer(object, finalizer)) => {
            let [interface_word, results_bytes] = finalizer.context;
            if interface_word == 0 {
                words[..3].copy_from_slice(&[Call::Pointer as usize, finalizer.function, object]);
            } else {
                words[0] = Call::Interface as usize;
                words[1] = finalizer.function;
                words[3..5].copy_from_slice(&[interface_word, object]);
            }
            words[5] = alloc::new_bytes(call.g, results_bytes).addr();
        }
        Some(Ready::Cleanup(function)) => {
            words[0] = Call::Cleanup as usize;
            words[6] = function;
        }
    }
    let [kind, function, object, interface, data, results, cleanup] = words;
    for word in [
        kind, function, object, function, interface, data, results, cleanup,
    ] {
        call.put(word as u64);
    }
}
