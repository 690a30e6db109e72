//! `Processor`: the right to run Go code.
//!
//! Each has two parts. [`Processor`] is used by the worker that holds it, without a lock. [`SharedProcessor`] is what others
//! see of it: who runs, what can be stolen, where it stands.
//!
//! ```text
//!   Idle -> Running -> Idle              no work
//!             |-> Stopped -> Running     its worker waits at a safepoint until the world starts
//!             |-> Blocking -> Running    a system call, quickly over
//!             '-> Blocking -> Captured   ... taken over by the collector until the world starts; then Idle or Running
//!                   '-> Idle, Running    ... taken over by the monitor, for another worker
//! ```
//! Whoever moves it away from `Blocking`, by compare and swap, holds it. All other moves are the holder's, those to and from
//! `Idle` under the scheduler's lock.

use std::cell::UnsafeCell;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicPtr, AtomicU8, AtomicU32, AtomicU64};

use gc::Cache;

use super::{RunQueue, Timers};
use crate::goroutine::Goroutine;
use crate::print::PrintBuffer;
use crate::random::Random;
use crate::stack::POISONED_LIMIT;

/// Where a Processor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum ProcessorStatus {
    /// Nobody holds it; it has nothing to run.
    Idle,
    /// A worker holds it.
    Running,
    /// Its worker is in a system call, and may lose it.
    Blocking,
    /// Its worker waits for the world to start.
    Stopped,
    /// Its worker was in a system call when the world stopped.
    Captured,
}

/// Bits of a status in the word.
pub(super) const STATUS_BITS: u32 = 3;
const STATUS_MASK: u32 = (1 << STATUS_BITS) - 1;

fn status_of(word: u32) -> ProcessorStatus {
    match word & STATUS_MASK {
        0 => ProcessorStatus::Idle,
        1 => ProcessorStatus::Running,
        2 => ProcessorStatus::Blocking,
        3 => ProcessorStatus::Stopped,
        _ => ProcessorStatus::Captured,
    }
}

/// What a running goroutine uses without a lock. Held by one worker at a time.
pub struct Processor {
    /// Free slots of the heap.
    pub cache: Box<Cache>,
    /// Who runs next, before all in the queue, in the time slice of the one that runs now. Nobody steals it: goroutines that
    /// hand values to each other stay together.
    pub next: Option<*mut Goroutine>,
    /// Where its random choices come from.
    pub random: Random,
    /// The `print` in progress.
    pub print: PrintBuffer,
    /// Goroutines run so far.
    pub switch_count: u32,
    /// Goroutines that have ended, to be used again.
    pub dead: Vec<*mut Goroutine>,
    /// Numbers for new goroutines: from, and up to but not including.
    pub numbers: (u64, u64),
    /// In a seeded run: how many polls of loops are left until the next yield.
    pub polls_left: u64,
    /// Whether those made ready here had to wait long of late: then they are offered to others.
    pub hand_off: HandOff,
}

/// What others see of a Processor.
#[derive(Debug)]
pub struct SharedProcessor {
    /// Its number, from 0.
    pub id: u32,
    /// A [`ProcessorStatus`] in the low bits; above, the number of system calls begun, so that a worker back from one can tell
    /// whether the call that is marked is its own.
    word: AtomicU32,
    /// Ready goroutines, which others may steal.
    pub queue: RunQueue,
    /// Timers made on it.
    pub timers: Timers,
    /// Who runs, for preemption; may be one that just stopped running.
    current: AtomicPtr<Goroutine>,
    /// The worker that ran a goroutine on it last, for traces.
    holder: AtomicU32,
    /// Time slices begun.
    slice_count: AtomicU32,
    /// Goroutines spawned less those ended here; may be negative, their sum over all is right.
    pub live_balance: AtomicU64,
}

/// Both parts.
pub struct ProcessorSlot {
    /// For everybody.
    pub shared: SharedProcessor,
    own: UnsafeCell<Processor>,
}

// SAFETY: `own` is used by the holder only, see the header; the rest is atomic.
unsafe impl Sync for ProcessorSlot {}
// SAFETY: likewise; what is pointed at belongs to the program.
unsafe impl Send for ProcessorSlot {}

impl ProcessorSlot {
    /// An idle Processor with nothing to run.
    pub fn new(id: u32, random: Random, cache: Cache) -> Self {
        Self {
            shared: SharedProcessor {
                id,
                word: AtomicU32::new(ProcessorStatus::Idle as u32),
                queue: RunQueue::default(),
                timers: Timers::new(id),
                current: AtomicPtr::new(std::ptr::null_mut()),
                holder: AtomicU32::new(0),
                slice_count: AtomicU32::new(0),
                live_balance: AtomicU64::new(0),
            },
            own: UnsafeCell::new(Processor {
                cache: Box::new(cache),
                next: None,
                random,
                print: PrintBuffer::default(),
                switch_count: 0,
                dead: Vec::new(),
                numbers: (0, 0),
                polls_left: 0,
                hand_off: HandOff::default(),
            }),
        }
    }

    /// The part of its holder.
    ///
    /// # Safety
    /// The caller holds it (or the world is stopped, and the caller stopped it), and does not use the reference across a
    /// call that makes another.
    #[expect(clippy::mut_from_ref, reason = "there is one holder")]
    pub unsafe fn own(&self) -> &mut Processor {
        // SAFETY: the caller's.
        unsafe { &mut *self.own.get() }
    }

    /// Whether it has something to run, asked by its holder.
    ///
    /// # Safety
    /// As [`Self::own`].
    pub unsafe fn has_work(&self) -> bool {
        // SAFETY: the caller's.
        unsafe { self.own() }.next.is_some() || !self.shared.queue.is_empty()
    }
}

impl SharedProcessor {
    /// Where it stands.
    pub fn status(&self) -> ProcessorStatus {
        // Acquire: whoever sees it given up sees what was done with it before.
        status_of(self.word.load(Acquire))
    }

    /// Moves it; the caller holds it.
    pub fn set_status(&self, status: ProcessorStatus) {
        let count = self.word.load(Relaxed) & !STATUS_MASK;
        self.word.store(count | status as u32, Release);
    }

    /// Notes the beginning of a system call of the holder's: a name for [`Self::end_blocking`].
    pub fn begin_blocking(&self) -> u32 {
        let count = (self.word.load(Relaxed) & !STATUS_MASK).wrapping_add(STATUS_MASK + 1);
        let word = count | ProcessorStatus::Blocking as u32;
        self.word.store(word, Release);
        word
    }

    /// The system call is over; whether the caller still holds the Processor.
    pub fn end_blocking(&self, call: u32) -> bool {
        self.move_from(call, ProcessorStatus::Running)
    }

    /// Moves it from `Blocking` to `target`; false if it is not there.
    pub fn take_from_blocking(&self, target: ProcessorStatus) -> bool {
        let word = self.word.load(Relaxed);
        status_of(word) == ProcessorStatus::Blocking && self.move_from(word, target)
    }

    fn move_from(&self, word: u32, target: ProcessorStatus) -> bool {
        let moved = word & !STATUS_MASK | target as u32;
        self.word
            .compare_exchange(word, moved, AcqRel, Relaxed)
            .is_ok()
    }

    /// Notes who runs now; null for nobody.
    pub fn set_current(&self, g: *mut Goroutine) {
        self.current.store(g, Relaxed);
    }

    /// Who runs now, or just did; null for nobody.
    pub fn current(&self) -> *mut Goroutine {
        self.current.load(Relaxed)
    }

    /// Notes which worker runs goroutines on it.
    pub fn set_holder(&self, worker: u32) {
        self.holder.store(worker, Relaxed);
    }

    /// The worker that runs goroutines on it, `None` if it idles. One that searches is not known yet.
    pub fn holder(&self) -> Option<u32> {
        let is_held = !matches!(
            self.status(),
            ProcessorStatus::Idle | ProcessorStatus::Captured
        );
        is_held.then(|| self.holder.load(Relaxed))
    }

    /// Notes that the goroutine running now began a time slice of its own.
    pub fn begin_slice(&self) {
        let count = self.slice_count.load(Relaxed);
        self.slice_count.store(count.wrapping_add(1), Relaxed);
    }

    /// Slices and system calls begun: as long as both stay, the same goroutine runs, or waits in the same call.
    pub fn progress(&self) -> (u32, u32) {
        (self.slice_count.load(Relaxed), self.word.load(Relaxed))
    }

    /// Asks whoever runs to get to a safepoint and yield. Also called in signal handlers, and by any thread: the goroutine
    /// may just have stopped running; then it, or the next to use it, yields once without need.
    pub fn preempt(&self) {
        let g = self.current.load(Relaxed);
        if g.is_null() {
            return;
        }
        // SAFETY: goroutines live as long as their program; only the fields that are shared are borrowed, as atomics.
        unsafe {
            (*std::ptr::addr_of!((*g).block.preempt).cast::<AtomicU8>()).store(1, Relaxed);
            (*std::ptr::addr_of!((*g).block.stack_limit).cast::<AtomicU64>())
                .store(POISONED_LIMIT, Relaxed);
        }
    }
}

/// Decides whether a goroutine made ready stays with the Processor or is offered to others.
///
/// Two goroutines that hand values to each other run best on one Processor, without waking anybody: each blocks as soon as it
/// has made the other ready. When the one that runs goes on for long instead, the other would better have been run elsewhere.
/// So now and then the time from ready to running is measured, and decides for those that follow.
#[derive(Debug, Default)]
pub struct HandOff {
    count: u32,
    ready_at: u64,
    is_slow: bool,
}

/// One in so many is measured while waits are short.
const HAND_OFFS_PER_SAMPLE: u32 = 16;

/// Cycles of the time stamp counter that are worth a switch of threads: some microseconds.
const SLOW_CYCLES: u64 = 20_000;

impl HandOff {
    /// A goroutine becomes ready here. Whether to offer it to others instead of keeping it.
    pub fn begin(&mut self) -> bool {
        self.count = self.count.wrapping_add(1);
        if self.is_slow || self.count.is_multiple_of(HAND_OFFS_PER_SAMPLE) {
            self.ready_at = time_stamp();
        }
        self.is_slow
    }

    /// The Processor goes on to the next goroutine: so long would the one made ready have waited.
    #[inline]
    pub fn end(&mut self) {
        if self.ready_at != 0 {
            self.is_slow = time_stamp().wrapping_sub(self.ready_at) > SLOW_CYCLES;
            self.ready_at = 0;
        }
    }
}

/// The processor's cycle counter: coarse, and cheap to read.
fn time_stamp() -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 machine has the instruction.
    unsafe {
        core::arch::x86_64::_rdtsc() | 1
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        1
    }
}
