//! Cleanups and weak pointers: what the program is told when it adds a cleanup, and the handles of package `weak`. The heap
//! knows when an object has died ([`gc`], `special`); [`crate::finalizer`] calls the cleanups.
//!
//! A pointer that points into no object of the heap, to a package variable or to a value without size, points to something that
//! never dies: it has no cleanups, and is its own weak handle.

use crate::abi::Kind;
use crate::alloc;
use crate::natives::NativeCall;
use crate::scheduler::processor_of;

/// What is to be said of a cleanup, as the library numbers it.
enum Verdict {
    /// It will be called.
    Fine = 0,
    /// Its object never dies.
    Immortal = 1,
    /// Its argument is the object.
    IsArgument = 2,
    /// Its argument points into the object.
    HoldsArgument = 3,
    /// Its function captured the object.
    IsCaptured = 4,
}

/// Objects of at most so many bytes, without pointers, may share a slot in Go, where it is not known whether one of them points
/// to the other.
const TINY_SLOT_BYTES: usize = 16;

/// `runtime.checkCleanup(ptr *T, cleanup func(S), parameter any, arg any) int`; `parameter` is a nil `*S`.
pub fn check(call: &mut NativeCall<'_>) {
    let (object, cleanup) = (call.pointer().addr(), call.pointer().addr());
    let (parameter, argument) = (call.any(), call.any());
    let heap = &call.instance().heap;
    let is_pointer = parameter.ty.is_some_and(|pointer| {
        // SAFETY: types of the image live as long as the program, and a pointer type has an element.
        let declared = unsafe { &*pointer.element };
        matches!(declared.kind, Kind::Pointer | Kind::UnsafePointer)
    });
    let argument = is_pointer.then(|| argument.data.addr());
    let verdict = match heap.find_object(object) {
        _ if argument == Some(object) => Verdict::IsArgument,
        None => Verdict::Immortal,
        Some(found) => {
            let is_within =
                |pointer: usize| (found.base..found.base + found.size_bytes).contains(&pointer);
            let is_tiny = found.size_bytes <= TINY_SLOT_BYTES && !heap.has_pointers(&found);
            if argument.is_some_and(is_within) && !is_tiny {
                Verdict::HoldsArgument
            } else if heap.any_pointer(cleanup, is_within) {
                Verdict::IsCaptured
            } else {
                Verdict::Fine
            }
        }
    };
    call.put_int(verdict as i64);
}

/// `runtime.addCleanup(ptr *T, cleanup func(), run func()) (id uint64, address uintptr)`
pub fn add(call: &mut NativeCall<'_>) {
    let (object, cleanup, runner) = (call.pointer().addr(), call.pointer().addr(), call.word());
    let instance = call.instance();
    instance.finalizers.set_runner(runner);
    let id = instance.heap.add_cleanup(object, cleanup);
    call.put(id);
    call.put(object as u64);
}

/// `runtime.stopCleanup(address uintptr, id uint64)`
pub fn stop(call: &mut NativeCall<'_>) {
    let (address, id) = (call.word() as usize, call.word());
    call.instance().heap.stop_cleanup(address, id);
}

/// `weak.handleOf(ptr *T) unsafe.Pointer`
pub fn weak_handle(call: &mut NativeCall<'_>) {
    let pointer = call.pointer();
    let heap = &call.instance().heap;
    let handle = if heap.find_object(pointer.addr()).is_some() {
        let made = heap.weak_handle(&mut processor_of(call.g).cache, pointer.addr());
        let made = made.map(std::ptr::with_exposed_provenance_mut);
        alloc::expect_memory(call.g, size_of::<usize>(), made)
    } else {
        pointer
    };
    call.put_pointer(handle);
}

/// `weak.valueOf(handle unsafe.Pointer) *T`
pub fn weak_value(call: &mut NativeCall<'_>) {
    let handle = call.pointer();
    let heap = &call.instance().heap;
    let value = if heap.contains(handle.addr()) {
        heap.weak_value(&mut processor_of(call.g).cache, handle.addr())
    } else {
        handle.addr()
    };
    call.put(value as u64);
}
