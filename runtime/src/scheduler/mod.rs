//! The scheduler: which goroutine runs next and where, and what happens when one stops running.
//!
//! - [`Worker`]: a thread that runs goroutines while it holds a Processor. Threads are made when there is work for them.
//! - [`Processor`]: the right to run Go code, with all a running goroutine needs without a lock: run queue, allocation
//!   cache, random source. There are GOMAXPROCS of them.
//! - [`Scheduler`]: how idle workers, idle Processors and work find each other; stopping the world.
//! - [`Monitor`]: a thread that asks goroutines that run too long to yield.
//! - [`Timers`]: what is to happen when.
//!
//! # Parking
//! An entry that has to wait takes the lock of what it waits for, puts the goroutine's waiter where the wake-up will find it,
//! and calls [`park`] **with the lock held**. The trampoline leaves to the worker, which by then holds the goroutine's whole
//! context, and releases the lock ([`ParkedUnder`]). So nobody can wake a goroutine, let alone run it, before it may be run.
//! Whoever wakes it writes `block.results`, releases the lock and calls [`ready`].
//!
//! # One at a time
//! With a seed (`minigo run -seed N`) there is one Processor, no call goes on beside it ([`descriptors`]), the clock goes with
//! what the program does, and every choice comes from the seed.

mod blocking;
mod descriptors;
mod idle;
mod locked;
mod monitor;
mod parker;
mod processor;
mod report;
mod run_queue;
mod searchers;
mod shared;
mod stop_watch;
mod timer;
mod worker;
mod world;

use std::sync::atomic::Ordering::Relaxed;

use crate::context;
use crate::goroutine::{Goroutine, Resume, Status, WaitReason};
use crate::goroutine_table::{GOROUTINES_PER_MOVE, NUMBERS_PER_MOVE, make_goroutines};
use crate::instance::Instance;
use crate::spin_lock::SpinLock;

pub use blocking::{Wait, blocking};
pub use descriptors::{Direction, await_descriptor};
pub use idle::{note_due_timer, note_timer};
pub use locked::{lock_to_thread, unlock_from_thread};
pub use monitor::{Monitor, TICK_NS, TICKS_PER_MINUTE};
pub use processor::{Processor, ProcessorSlot, ProcessorStatus, SharedProcessor};
pub use run_queue::RunQueue;
pub use searchers::Searchers;
pub use shared::{Scheduler, WorkerHandle, attention};
pub use timer::{TimerAction, TimerId, TimerQueue, Timers};
pub use worker::Worker;

/// What the worker does once the goroutine that left has all its context saved.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum AfterSwitch {
    /// Nothing was asked: an internal error.
    #[default]
    Nothing,
    /// Put it at the end of the run queue.
    Yield,
    /// As `Yield`; but if the world is to stop, that is what it was asked for, and it goes on afterwards.
    Preempt,
    /// Release what it parked under, and run another one; somebody will wake it.
    Park(ParkedUnder),
    /// Go on with its panic: run the next deferred call, recover, or end.
    AdvancePanic,
    /// It has returned.
    Finish,
    /// End the program with this status.
    Exit(i32),
}

/// What a goroutine that parks leaves locked or undone, until its context is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParkedUnder {
    /// Nobody knows of it.
    Nothing,
    /// This lock is held.
    Lock(*const SpinLock),
    /// The locks of all channels of its `select` are held.
    SelectedChannels,
    /// A timer is to wake it at this time.
    Timer(u64),
}

/// Makes the call in progress leave to the worker, which does `after`.
pub fn leave(g: &mut Goroutine, after: AfterSwitch) {
    g.leave();
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    unsafe { (*g.worker).after = after };
}

/// Makes the goroutine wait, for `reason`, until somebody calls [`ready`]. The worker then releases `under`.
pub fn park(g: &mut Goroutine, reason: WaitReason, under: ParkedUnder) {
    g.wait_reason = reason;
    leave(g, AfterSwitch::Park(under));
}

/// Lets a waiting goroutine run again, soon: next on the Processor of `waker`, or on one that has nothing to do. The caller
/// holds no lock, and has taken `g` from where it waited.
#[expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "goroutines live as long as their program"
)]
pub fn ready(waker: &Goroutine, g: *mut Goroutine) {
    let (instance, slot) = (instance_of(waker), slot_of(waker));
    // SAFETY: a waiting goroutine belongs to whoever wakes it; goroutines live as long as the program.
    end_wait(instance, unsafe { &mut *g });
    // SAFETY: the waker runs here, so its worker holds the Processor.
    let own = unsafe { slot.own() };
    let is_offered = instance.scheduler.idle_count() > 0 && own.hand_off.begin();
    make_next(instance, slot, g, is_offered);
}

/// Notes that `g` has what it waited for: it may hold what it did not when it was scanned last.
fn end_wait(instance: &Instance, g: &mut Goroutine) {
    instance.heap.note_given(&g.scan_state);
    g.set_status(Status::Runnable);
}

/// Puts a goroutine that became ready where it runs next on `slot`, the caller's; or, if it `is_offered`, where Processors with
/// nothing to do find it.
#[inline]
fn make_next(instance: &Instance, slot: &ProcessorSlot, g: *mut Goroutine, is_offered: bool) {
    let displaced = if is_offered {
        Some(g)
    } else {
        // SAFETY: the caller holds it.
        unsafe { slot.own() }.next.replace(g)
    };
    if let Some(g) = displaced {
        worker::push(&instance.scheduler, slot, g);
        instance.scheduler.offer(instance);
    }
}

/// The Processor on which `g` runs, with what others see of it.
#[inline]
pub fn slot_of<'a>(g: &Goroutine) -> &'a ProcessorSlot {
    // SAFETY: a running goroutine's worker holds a Processor, and this thread is the worker's.
    unsafe { (*g.worker).slot() }
}

/// What `g` may use of the Processor on which it runs.
#[expect(
    clippy::mut_from_ref,
    reason = "each Processor is used by one thread, see the SAFETY argument"
)]
#[inline]
pub fn processor_of(g: &Goroutine) -> &mut Processor {
    // SAFETY: a running goroutine's worker holds a Processor, this thread is the worker's, and entries use the
    // reference for one action only, never across a call that makes another.
    unsafe { (*g.worker).processor() }
}

/// The program `g` belongs to.
#[inline]
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
}

/// Makes a goroutine that calls `closure`; it is not in a queue yet. `slot` is the caller's. `None` if there is no memory for
/// its stack.
pub fn spawn(
    instance: &Instance,
    slot: &ProcessorSlot,
    closure: u64,
    origin: Origin,
) -> Option<*mut Goroutine> {
    // SAFETY: the caller holds it.
    let own = unsafe { slot.own() };
    while own.dead.is_empty() {
        let missing = instance.goroutines.lock().take(&mut own.dead);
        if missing.is_err() {
            // Whoever cannot wait makes no more than it needs.
            make_goroutines(instance, 1);
        }
    }
    if own.numbers.0 == own.numbers.1 {
        let first = instance.goroutines.lock().take_numbers();
        own.numbers = (first, first + NUMBERS_PER_MOVE);
    }
    let pointer = own.dead.pop()?;
    // SAFETY: a goroutine just taken belongs to the taker.
    let g = unsafe { &mut *pointer };
    instance.heap.begin_goroutine(&g.scan_state);
    if matches!(origin, Origin::Timer) {
        // Of a statement's closure its goroutine knows; a timer's may have been in the table of timers only.
        instance.heap.shade_root(closure as usize);
    }
    if g.block.stack_high == 0 {
        let Ok(stack) = instance
            .stacks
            .lock()
            .allocate(crate::stack::INITIAL_STACK_BYTES)
        else {
            own.dead.push(pointer);
            return None;
        };
        g.set_stack(stack);
    }
    g.id = own.numbers.0;
    own.numbers.0 += 1;
    g.reset_stack_limit();
    g.block.saved_sp = g.block.stack_high - 16;
    g.block.saved_fp = 0;
    g.start = closure;
    g.block.results = [closure, 0];
    (g.block.object_top, g.block.object_limit) = g.object_stack.beginning();
    g.block.object_frame = 0;
    g.resume = Resume::Jump(context::goroutine_start as *const u8);
    (g.created_at, g.created_by) = match origin {
        Origin::Statement { site, parent } => (site, parent),
        Origin::Main | Origin::Timer => (0, 0),
    };
    add_live(slot, 1);
    g.set_status(Status::Runnable);
    Some(pointer)
}

/// Sees to it that there are dead goroutines for `g`, which is at a safepoint, to use. Many are made at a time, and the world may
/// be stopped meanwhile.
fn stock_up(g: &mut Goroutine) {
    let instance = instance_of(g);
    // SAFETY: it runs, so its worker holds the Processor.
    let dead = &mut unsafe { slot_of(g).own() }.dead;
    if dead.is_empty() {
        let taken = instance.goroutines.lock().take(dead);
        if let Err(missing) = taken {
            blocking(g, Wait::Short, || make_goroutines(instance, missing));
        }
    }
}

/// Counts goroutines that begin or end on `slot`, which the caller holds.
fn add_live(slot: &ProcessorSlot, count: i64) {
    let balance = &slot.shared.live_balance;
    balance.store(balance.load(Relaxed).wrapping_add_signed(count), Relaxed);
}

/// Takes the stack and all else from a goroutine that has ended, and keeps it for the next. `slot` is the caller's.
pub(crate) fn retire(instance: &Instance, slot: &ProcessorSlot, pointer: *mut Goroutine) {
    // SAFETY: nothing else refers to a goroutine that has ended, and the worker that ran it calls.
    let g = unsafe { &mut *pointer };
    debug_assert!(g.defers.is_empty() && g.panics.is_empty());
    g.set_status(Status::Dead);
    g.start = 0;
    g.lock_count = 0;
    g.object_stack.clear();
    g.select = None;
    g.block.results = [0; 2];
    if g.stack().size_bytes() > crate::stack::INITIAL_STACK_BYTES {
        // SAFETY: its frames are gone.
        unsafe { instance.stacks.lock().free(g.stack()) };
        g.block.stack_low = 0;
        g.block.stack_high = 0;
    }
    add_live(slot, -1);
    // SAFETY: the caller holds it.
    let dead = &mut unsafe { slot.own() }.dead;
    dead.push(pointer);
    if dead.len() > 2 * GOROUTINES_PER_MOVE {
        instance.goroutines.lock().give_back(dead);
    }
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

/// In a seeded run a goroutine yields at the latest after so many polls of its loops. The clock goes on with each.
const MOST_POLLS: u64 = 2000;

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
        if instance_of(g).options.is_seeded && goes_on(g) {
            return;
        }
        // SAFETY: the trampoline saved them on this thread's stack.
        g.resume = Resume::Registers(Box::new(unsafe { (*registers).clone() }));
        leave(g, AfterSwitch::Preempt);
    }

    /// In a seeded run every poll calls: whether it is not yet time to yield, as the seed has it.
    fn goes_on(g: &Goroutine) -> bool {
        instance_of(g).step_clock(None);
        let own = processor_of(g);
        if own.polls_left == 0 {
            own.polls_left = 1 + own.random.below(MOST_POLLS);
            return false;
        }
        own.polls_left -= 1;
        g.preempt_flag().store(1, Relaxed);
        true
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
        stock_up(g);
        // SAFETY: its saved rsp points at the return address of this call.
        let site = unsafe { crate::stack_walk::read_word(g.block.saved_sp) };
        let instance = instance_of(g);
        let (scheduler, slot) = (&instance.scheduler, slot_of(g));
        let origin = Origin::Statement { site, parent: g.id };
        let Some(new) = spawn(instance, slot, closure, origin) else {
            crate::fatal::throw(g, "runtime: out of memory");
            return;
        };
        if scheduler.wants_processors() {
            scheduler.make_wanted_processors(&instance.heap);
        }
        make_next(instance, slot, new, scheduler.idle_count() > 0);
        instance.monitor.want(instance);
    }
}
