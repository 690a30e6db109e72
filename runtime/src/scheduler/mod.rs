//! The scheduler: which goroutine runs next, and what happens when one stops running.
//!
//! - [`Processor`]: the right to run Go code, with all a running goroutine needs without a lock: run queue, allocation
//!   cache, random source.
//! - [`Worker`]: a thread that holds a Processor and runs goroutines.
//! - [`Monitor`]: a thread that asks goroutines that run too long to yield.
//! - [`TimerQueue`]: what is to happen when.
//!
//! One worker runs today; what others would share is in [`Instance`] behind locks.
//!
//! # Parking
//! An entry that has to wait puts the goroutine's waiter where the wake-up will find it, calls [`park`], and returns.
//! The trampoline leaves to the worker, which by then holds the goroutine's whole context. Whoever wakes it writes
//! `block.results` and calls [`ready`].

mod monitor;
mod processor;
mod run_queue;
mod timer;
mod worker;

use crate::context;
use crate::goroutine::{Goroutine, Resume, Status, WaitReason};
use crate::instance::Instance;

pub use monitor::{Monitor, TICKS_PER_MINUTE};
pub use processor::Processor;
pub use run_queue::RunQueue;
pub use timer::{TimerAction, TimerId, TimerQueue};
pub use worker::Worker;

/// What the worker does once the goroutine that left has all its context saved.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum AfterSwitch {
    /// Nothing was asked: an internal error.
    #[default]
    Nothing,
    /// Put it at the end of the run queue.
    Yield,
    /// Run another one; somebody will wake it.
    Park,
    /// Go on with its panic: run the next deferred call, recover, or end.
    AdvancePanic,
    /// It has returned.
    Finish,
    /// End the program with this status.
    Exit(i32),
}

/// Makes the call in progress leave to the worker, which does `after`.
pub fn leave(g: &mut Goroutine, after: AfterSwitch) {
    g.leave();
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    unsafe { (*g.worker).after = after };
}

/// Makes the goroutine wait, for `reason`, until somebody calls [`ready`].
pub fn park(g: &mut Goroutine, reason: WaitReason) {
    g.wait_reason = reason;
    leave(g, AfterSwitch::Park);
}

/// Lets a waiting goroutine run again, next on the Processor of `waker`.
pub fn ready(waker: &Goroutine, g: *mut Goroutine) {
    processor_of(waker).make_ready(g);
}

/// The Processor on which `g` runs.
#[expect(
    clippy::mut_from_ref,
    reason = "each Processor is used by one thread, see the SAFETY argument"
)]
pub fn processor_of(g: &Goroutine) -> &mut Processor {
    // SAFETY: a running goroutine's worker holds a Processor, this thread is the worker's, and entries use the
    // reference for one action only, never across a call that makes another.
    unsafe { (*g.worker).processor() }
}

/// The program `g` belongs to.
pub fn instance_of<'a>(g: &Goroutine) -> &'a Instance {
    // SAFETY: the instance outlives its goroutines, and nobody has it exclusively.
    unsafe { &*g.instance }
}

/// Where a goroutine comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is the program's first.
    Main,
    /// The statement whose call returns to `site`, in the goroutine of number `parent`.
    Statement {
        /// A return address.
        site: u64,
        /// A goroutine's number.
        parent: u64,
    },
    /// A timer, that calls a function of the program.
    Timer,
    /// A timer, that only sends the time on a channel. Such goroutines are not counted.
    ChannelTimer,
}

/// Makes a goroutine that calls `closure`; it is not in a queue yet. `None` if there is no memory for its stack.
pub fn spawn(instance: &Instance, closure: u64, origin: Origin) -> Option<*mut Goroutine> {
    let is_own = origin == Origin::ChannelTimer;
    let pointer = instance.goroutines.lock().take(instance, is_own);
    // SAFETY: a goroutine just taken belongs to the taker.
    let g = unsafe { &mut *pointer };
    if g.block.stack_high == 0 {
        let Ok(stack) = instance
            .stacks
            .lock()
            .allocate(crate::stack::INITIAL_STACK_BYTES)
        else {
            instance.goroutines.lock().give_back(pointer);
            return None;
        };
        g.set_stack(stack);
    }
    g.reset_stack_limit();
    g.block.saved_sp = g.block.stack_high - 16;
    g.block.saved_fp = 0;
    g.start = closure;
    g.block.results = [closure, 0];
    g.block.object_top = 0;
    g.block.object_limit = 0;
    g.block.object_frame = 0;
    g.resume = Resume::Jump(context::goroutine_start as *const u8);
    (g.created_at, g.created_by) = match origin {
        Origin::Statement { site, parent } => (site, parent),
        Origin::Main | Origin::Timer | Origin::ChannelTimer => (0, 0),
    };
    g.set_status(Status::Runnable);
    Some(pointer)
}

/// Takes the stack and all else from a goroutine that has ended, and keeps it for the next.
pub(crate) fn retire(instance: &Instance, pointer: *mut Goroutine) {
    // SAFETY: nothing else refers to a goroutine that has ended, and the worker that ran it calls.
    let g = unsafe { &mut *pointer };
    debug_assert!(g.defers.is_empty() && g.panics.is_empty());
    g.set_status(Status::Dead);
    g.start = 0;
    g.object_stack.clear();
    g.select = None;
    g.block.results = [0; 2];
    if g.stack().size_bytes() > crate::stack::INITIAL_STACK_BYTES {
        // SAFETY: its frames are gone.
        unsafe { instance.stacks.lock().free(g.stack()) };
        g.block.stack_low = 0;
        g.block.stack_high = 0;
    }
    instance.goroutines.lock().give_back(pointer);
}

/// What a goroutine's first function returns to.
///
/// # Safety
/// Called by [`context::goroutine_finish`] only.
pub unsafe extern "sysv64" fn goroutine_returned(g: *mut Goroutine) {
    // SAFETY: the routine passes the running goroutine.
    let g = unsafe { &mut *g };
    leave(g, AfterSwitch::Finish);
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::context::SavedRegisters;
    use crate::safepoint;

    /// The cold path of a loop's poll: yields.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn poll(g: *mut Goroutine, registers: *const SavedRegisters) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        g.preempt_flag()
            .store(0, std::sync::atomic::Ordering::Relaxed);
        g.reset_stack_limit();
        safepoint::poll(g);
        // SAFETY: the trampoline saved them on this thread's stack.
        g.resume = Resume::Registers(Box::new(unsafe { (*registers).clone() }));
        leave(g, AfterSwitch::Yield);
    }

    /// A `go` statement.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn go_start(g: *mut Goroutine, closure: u64) {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        if closure == 0 {
            crate::fatal::throw_user(g, "go of nil func value");
            return;
        }
        safepoint::poll(g);
        // SAFETY: its saved rsp points at the return address of this call.
        let site = unsafe { crate::stack_walk::read_word(g.block.saved_sp) };
        let instance = instance_of(g);
        let Some(new) = spawn(instance, closure, Origin::Statement { site, parent: g.id }) else {
            crate::fatal::throw(g, "runtime: out of memory");
            return;
        };
        processor_of(g).run_queue.push_next(new);
        instance.monitor.want(instance);
    }
}
