//! `defer` and `recover`, as far as compiled code asks for them; what a panic does with them is in [`crate::panic`].
//!
//! A deferred call belongs to an activation of a function with `defer`, named by the frame of its wrapper (see
//! [`crate::abi`]): by the distance of that frame from the high end of the stack, which stays when the stack moves.

use crate::context;
use crate::goroutine::Goroutine;
use crate::image::{FrameKind, Image};
use crate::stack_walk::{find_function, read_word};

/// The function, made by the code generator, that makes the deferred calls left over after a recovery.
const RUN_DEFERRED: &str = "runtime.runDeferred";

/// A deferred call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeferRecord {
    /// The closure to call; 0 panics.
    pub closure: u64,
    /// The activation: offset of the wrapper's frame pointer.
    pub frame: u64,
    /// The object stack at the `defer` statement, with the frame of the body on top: it may hold the closure and what
    /// that captured, so it must stay while calls left over after a recovery are made.
    pub objects: ObjectStackTop,
}

/// Where the object stack of a goroutine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectStackTop {
    frame: u64,
    top: u64,
    limit: u64,
}

impl ObjectStackTop {
    fn of(g: &Goroutine) -> Self {
        Self {
            frame: g.block.object_frame,
            top: g.block.object_top,
            limit: g.block.object_limit,
        }
    }

    /// Makes the object stack what it was. Its segments are still there: nothing asked for room in an older one since.
    fn restore(self, g: &mut Goroutine) {
        g.block.object_frame = self.frame;
        g.block.object_top = self.top;
        g.block.object_limit = self.limit;
    }
}

/// Whether a call of `recover` that returns to `pc`, in the function with frame pointer `fp`, may recover the panic whose
/// deferred call runs under a stub with frame pointer `stub_fp`: the function, wrappers aside, was called by that stub.
///
/// For `defer recover()` a thunk makes the call; it counts as made by whoever ran the thunk.
fn may_recover(image: &Image, mut pc: u64, mut fp: u64, stub_fp: u64) -> bool {
    if find_function(image, pc).is_some_and(|function| function.kind == FrameKind::Hidden) {
        // SAFETY: as in `is_called_by_stub`.
        (pc, fp) = unsafe { (read_word(fp + 8), read_word(fp)) };
    }
    !is_stub(pc) && is_called_by_stub(image, fp, stub_fp)
}

/// Whether the function with frame pointer `fp` was called by the stub with frame pointer `stub_fp`, wrappers aside.
fn is_called_by_stub(image: &Image, mut fp: u64, stub_fp: u64) -> bool {
    loop {
        // SAFETY: frame pointers lead from frame to frame up to the stub, or to the goroutine's first function, whose
        // return address is in no compiled function.
        let (pc, caller_fp) = unsafe { (read_word(fp + 8), read_word(fp)) };
        if is_stub(pc) {
            return caller_fp == stub_fp;
        }
        match find_function(image, pc) {
            // It stands for a body: what it calls was deferred by the function, not called by the panic.
            Some(function) if function.name == RUN_DEFERRED => return false,
            Some(function) if function.kind == FrameKind::Hidden => fp = caller_fp,
            _ => return false,
        }
    }
}

fn is_stub(pc: u64) -> bool {
    pc == context::deferred_return as *const () as u64
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};
    use crate::scheduler::instance_of;
    use crate::{panic, runtime_error};

    /// A `defer` statement, in a body: the activation is that of the frame above.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn defer_push(g: *mut Goroutine, closure: Word) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        // SAFETY: rbp is the body's frame, which links to the wrapper's.
        let wrapper = unsafe { read_word(g.block.saved_fp) };
        let frame = g.stack_offset(wrapper);
        let objects = ObjectStackTop::of(g);
        g.defers.push(DeferRecord {
            closure,
            frame,
            objects,
        });
    }

    /// The next deferred call of the activation, 0 if none is left.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn defer_pop(g: *mut Goroutine, by_wrapper: Word) -> Word {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        let wrapper = if by_wrapper != 0 {
            g.block.saved_fp
        } else {
            // SAFETY: as above.
            unsafe { read_word(g.block.saved_fp) }
        };
        let frame = g.stack_offset(wrapper);
        let Some(record) = g.defers.pop_if(|record| record.frame == frame) else {
            return 0;
        };
        // After a recovery the body is dead, and the landing pad dropped its frame. The pad takes care of what is
        // put back here when it returns.
        if by_wrapper == 0 {
            record.objects.restore(g);
        }
        if record.closure == 0 {
            let value = runtime_error::nil_dereference(g);
            panic::start(g, value);
        }
        record.closure
    }

    /// `recover()`.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn recover(g: *mut Goroutine) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        let fp = g.block.saved_fp;
        let Some(panic) = g.panics.last() else {
            return Pair(0, 0);
        };
        if panic.is_goexit || panic.is_recovered || panic.stub_frame == 0 {
            return Pair(0, 0);
        }
        let stub_fp = g.stack_address(panic.stub_frame);
        // SAFETY: the saved rsp points at the return address of this call.
        let pc = unsafe { read_word(g.block.saved_sp) };
        if !may_recover(&instance_of(g).image, pc, fp, stub_fp) {
            return Pair(0, 0);
        }
        let index = g.panics.len() - 1;
        g.panics[index].is_recovered = true;
        let value = g.panics[index].value;
        Pair(value.ty, value.data)
    }
}
