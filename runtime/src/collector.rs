//! The collector's thread: marks and sweeps beside the program.
//!
//! Goroutines begin cycles themselves, and can do all that a cycle needs, see [`crate::safepoint`]. The thread spares them most of
//! it where there is a processor for it: it is a little nicer than the workers. After a cycle it sweeps what nobody else has swept,
//! and gives memory back to the system. It is started by the first cycle, so that small programs do without.
//!
//! Programs that end without ending the process (in tests) mark with the world stopped, on their own threads: nobody waits
//! for this one.

use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Condvar, Mutex, PoisonError};

use gc::CollectReason;

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::safepoint::{self, WorldView};
use crate::scheduler::{Wait, blocking, instance_of, note_due_timer};

/// The collector's thread, and what it is asked for.
#[derive(Debug, Default)]
pub struct Collector {
    is_started: AtomicBool,
    /// Whether there is something to do for the thread that it has not seen.
    is_needed: AtomicBool,
    /// Cycles completed.
    completed: AtomicU32,
    /// Of cycles that the program asked for, the last one wanted.
    wanted: Mutex<u32>,
    changed: Condvar,
}

impl Collector {
    /// Whether the thread exists.
    pub fn is_started(&self) -> bool {
        self.is_started.load(Relaxed)
    }

    /// Says that a cycle has begun.
    pub fn wake(&self, instance: &Instance) {
        if !self.is_needed.swap(true, AcqRel) {
            self.start(instance);
            drop(self.lock());
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, u32> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, instance: &Instance) {
        struct Shared(*const Instance);
        // SAFETY: an instance may be used by many threads; the process ends before it goes away.
        unsafe impl Send for Shared {}
        if self.is_started.swap(true, Acquire) {
            return;
        }
        let shared = Shared(instance);
        let result = std::thread::Builder::new()
            .name("collector".to_owned())
            .spawn(move || {
                let shared = shared;
                // SAFETY: as above.
                let instance = unsafe { &*shared.0 };
                instance.collector.run(instance);
            });
        if result.is_err() {
            // Without a thread the heap only grows; perhaps there is room for one next time.
            self.is_started.store(false, Release);
            self.is_needed.store(false, Release);
        }
    }

    fn run(&self, instance: &Instance) {
        be_nice();
        crate::memory_limit::respect_control_group(&instance.heap);
        let mut world = WorldView::from_outside(instance);
        loop {
            let mut wanted = self.lock();
            let completed = self.completed.load(Relaxed);
            while *wanted == completed && !self.is_needed.load(Relaxed) {
                wanted = self
                    .changed
                    .wait(wanted)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            let is_forced = *wanted != completed;
            drop(wanted);
            self.is_needed.store(false, Release);
            if is_forced {
                // A cycle that is under way began too early.
                while !instance.heap.begin_cycle(&mut world, CollectReason::Forced) {
                    Self::help(instance, &mut world);
                    std::thread::yield_now();
                }
            }
            Self::help(instance, &mut world);
            instance.heap.tidy();
            instance.finalizers.start(instance);
            if instance.heap.has_specials() {
                // Who would have found the program dead may have waited for this.
                note_due_timer(&instance.scheduler);
            }
            if is_forced {
                let _wanted = self.lock();
                self.completed.store(completed.wrapping_add(1), Relaxed);
                self.changed.notify_all();
            }
        }
    }

    /// Marks until the cycle is over, if one is under way.
    fn help(instance: &Instance, world: &mut WorldView<'_>) {
        let report = instance.heap.help(world);
        safepoint::print_trace(instance, report.as_ref());
    }

    /// Waits for a whole cycle that begins after the call.
    fn wait_for_cycle(&self, instance: &Instance) {
        let mut wanted = self.lock();
        *wanted = wanted.wrapping_add(1);
        let ticket = *wanted;
        self.start(instance);
        self.changed.notify_all();
        while (ticket.wrapping_sub(self.completed.load(Relaxed))).cast_signed() > 0
            && self.is_started()
        {
            wanted = self
                .changed
                .wait(wanted)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// How much nicer the collector is than the workers: against one of them it gets a quarter of a processor. With more, a stop
/// would take long on a machine that others use too.
const NICENESS: i32 = 5;

/// Has the system prefer others to the calling thread.
fn be_nice() {
    // SAFETY: both calls concern this thread only; a refusal changes nothing.
    unsafe {
        let thread = libc::gettid().cast_unsigned();
        let now = libc::getpriority(libc::PRIO_PROCESS, thread);
        libc::setpriority(libc::PRIO_PROCESS, thread, now + NICENESS);
    }
}

/// `runtime.GC`: has a cycle run, and returns when that is over.
pub fn collect_and_wait(g: &mut Goroutine) {
    let instance = instance_of(g);
    if instance.options.never_collect {
        return;
    }
    blocking(g, Wait::Long, || {
        instance.collector.wait_for_cycle(instance);
    });
}
