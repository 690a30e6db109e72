//! Channels of timers: what `time.NewTimer`, `time.After` and `time.NewTicker` receive from.
//!
//! Such a channel has no buffer and no sender. A time is made when it is received: a receive that finds the timer due takes
//! it, and moves the timer on or stops it. So nothing from before `Stop` or `Reset` is received after them, and `len` and
//! `cap` are 0.
//!
//! What must hold:
//! - The timer is among a Processor's timers only while a goroutine waits to receive. One that nobody waits for costs
//!   its memory, and goes with the last reference to it, stopped or not.
//! - All of it changes under the channel's lock. The lock on a Processor's timers is taken under it, never the other way round.
//!
//! Source: Go's `time.go` (channel timers, since Go 1.23).

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use gc::layout::{PointerBitmap, TypeDescriptor};

use crate::alloc;
use crate::barrier;
use crate::channel::{self, Attempt, Channel};
use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::scheduler::{self, ProcessorSlot, TimerAction, TimerId, instance_of, slot_of};

/// A channel object with its timer.
#[repr(C)]
#[derive(Debug)]
struct TimerChannel {
    channel: Channel,
    /// When it is due; 0 when it is stopped.
    when_ns: AtomicU64,
    /// Until it is due again; 0 for once.
    period_ns: u64,
    /// Its name in a Processor's timers; 0 when it is in none.
    queued: TimerId,
    /// The location of the times it gives: a pointer, to a package variable.
    location: u64,
}

const LOCATION_WORD: usize = std::mem::offset_of!(TimerChannel, location) / 8;

/// A `time.Time`, as the library declares it.
#[repr(C)]
struct TimeValue {
    /// Since the first of January of year 1.
    seconds: i64,
    nanoseconds: i32,
    monotonic: i64,
    location: u64,
}

/// Seconds from year 1 to 1970.
const UNIX_EPOCH_SECONDS: i64 = 62_135_596_800;

/// A channel of a stopped timer, whose times have this `location`. Does not collect.
pub fn make(g: &Goroutine, location: *mut u8) -> *mut Channel {
    let descriptor = TypeDescriptor::new(
        size_of::<TimerChannel>(),
        8,
        PointerBitmap::from_pointer_words([LOCATION_WORD]),
    );
    let timer: *mut TimerChannel = alloc::new_object(g, &descriptor).cast();
    // SAFETY: the object is fresh; all-zero is a valid one.
    unsafe {
        (*timer).channel.mark_timer(size_of::<TimeValue>() as u64);
        (*timer).location = location.expose_provenance() as u64;
        &raw mut (*timer).channel
    }
}

/// Whether a receive could take a time, without the lock.
///
/// # Safety
/// `channel` is that of a timer.
pub unsafe fn is_due(channel: *const Channel, instance: &Instance) -> bool {
    // SAFETY: the caller's.
    let when_ns = unsafe { &(*channel.cast::<TimerChannel>()).when_ns }.load(Relaxed);
    instance.step_clock(None);
    when_ns != 0 && when_ns <= instance.now_ns()
}

/// Takes a time into `target`, unless that is null, if the timer is due.
///
/// # Safety
/// `channel` is that of a timer, its lock is held, and `target` is null or has room for a time.
pub unsafe fn try_receive(channel: *mut Channel, g: &Goroutine, target: *mut u8) -> Attempt {
    let instance = instance_of(g);
    // SAFETY: the caller's.
    if unsafe { is_due(channel, instance) } {
        // SAFETY: likewise.
        unsafe { (*channel.cast::<TimerChannel>()).take(instance, target) };
        Attempt::Done
    } else {
        Attempt::WouldBlock
    }
}

/// A goroutine that runs on `slot` is beginning to wait to receive: the timer is to wake it.
///
/// # Safety
/// `channel` is that of a timer, and its lock is held.
pub unsafe fn begin_waiting(channel: *mut Channel, instance: &Instance, slot: &ProcessorSlot) {
    // SAFETY: the caller's.
    unsafe { (*channel.cast::<TimerChannel>()).enter_queue(instance, slot) };
}

/// A goroutine waits no longer, without having received.
///
/// # Safety
/// As [`begin_waiting`].
pub unsafe fn end_waiting(channel: *mut Channel, instance: &Instance) {
    // SAFETY: the caller's.
    let timer = unsafe { &mut *channel.cast::<TimerChannel>() };
    if timer.channel.receivers.is_empty() {
        timer.leave_queue(instance);
    }
}

/// Has the timer be due at `when_ns`, or never if that is 0, and then every `period_ns`. Whether it was to be due, or was and
/// nobody had received the time.
///
/// # Safety
/// `channel` is that of a timer.
pub unsafe fn set(channel: *mut Channel, g: &Goroutine, when_ns: u64, period_ns: u64) -> bool {
    let (instance, slot) = (instance_of(g), slot_of(g));
    // SAFETY: the caller's.
    let timer = unsafe { &mut *channel.cast::<TimerChannel>() };
    timer.channel.lock.lock();
    let was_pending = timer.when_ns.swap(when_ns, Relaxed) != 0;
    timer.period_ns = period_ns;
    timer.leave_queue(instance);
    if !timer.channel.receivers.is_empty() {
        timer.enter_queue(instance, slot);
    }
    timer.channel.lock.unlock();
    was_pending
}

/// The timer `queued` came up in a queue, for the worker that holds `slot`: the goroutine to be made ready that has received the time, if there is one.
///
/// # Safety
/// `channel` is that of a timer.
pub unsafe fn fire(
    channel: *mut Channel,
    queued: TimerId,
    instance: &Instance,
    slot: &ProcessorSlot,
) -> Option<*mut Goroutine> {
    // SAFETY: the caller's.
    let timer = unsafe { &mut *channel.cast::<TimerChannel>() };
    timer.channel.lock.lock();
    let mut receiver = None;
    // It may have been set anew meanwhile.
    if timer.queued == queued {
        timer.queued = 0;
        let when_ns = timer.when_ns.load(Relaxed);
        if when_ns != 0 && when_ns <= instance.now_ns() {
            receiver = timer.channel.receivers.pop_waiting();
        }
        if let Some(receiver) = receiver {
            // SAFETY: a waiter taken out belongs to the taker, and has room for a time.
            unsafe { timer.take(instance, (*receiver).slot()) };
        }
        if !timer.channel.receivers.is_empty() {
            timer.enter_queue(instance, slot);
        }
    }
    timer.channel.lock.unlock();
    // SAFETY: as above.
    receiver.map(|receiver| unsafe { channel::complete(receiver, true) })
}

impl TimerChannel {
    /// Writes the time at which the timer was due to `target`, unless that is null, and moves on.
    ///
    /// # Safety
    /// `target` is null or has room.
    unsafe fn take(&mut self, instance: &Instance, target: *mut u8) {
        let (when_ns, now_ns) = (self.when_ns.load(Relaxed), instance.now_ns());
        let next_ns = match self.period_ns {
            0 => 0,
            period_ns => when_ns + (now_ns.saturating_sub(when_ns) / period_ns + 1) * period_ns,
        };
        self.when_ns.store(next_ns, Relaxed);
        if target.is_null() {
            return;
        }
        // SAFETY: the caller's; this may be a thread without a goroutine.
        unsafe { barrier::before_overwrite_by_thread(instance, target, size_of::<TimeValue>()) };
        let wall = instance.wall_clock(when_ns);
        let value = TimeValue {
            seconds: wall.as_secs() as i64 + UNIX_EPOCH_SECONDS,
            nanoseconds: wall.subsec_nanos() as i32,
            monotonic: when_ns as i64,
            location: self.location,
        };
        // SAFETY: the caller's.
        unsafe { target.cast::<TimeValue>().write_unaligned(value) };
    }

    fn enter_queue(&mut self, instance: &Instance, slot: &ProcessorSlot) {
        let when_ns = self.when_ns.load(Relaxed);
        if when_ns == 0 || self.queued != 0 {
            return;
        }
        let action = TimerAction::Receive(&raw mut self.channel);
        self.queued = slot.shared.timers.lock().add(when_ns, action);
        scheduler::note_timer(&instance.scheduler, when_ns);
    }

    fn leave_queue(&mut self, instance: &Instance) {
        let queued = std::mem::take(&mut self.queued);
        if queued != 0 {
            instance.scheduler.remove_timer(queued);
        }
    }
}
