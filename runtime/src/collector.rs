//! The collector's thread: runs cycles while the program runs.
//!
//! It is started by the first goroutine that finds the heap large enough, so that small programs do without. It holds no
//! Processor: the system gives it time beside the workers, or on a processor that has nothing to do, which it prefers: it is a
//! little nicer than they are. Where it gets too little, they mark in slices of 20 us; that shows less than a goroutine that
//! waits until the system takes the processor away from the collector. After a cycle it sweeps what nobody else has swept.
//!
//! Programs that end without ending the process (in tests) mark with the world stopped, on their own threads: nobody waits
//! for this one.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Condvar, Mutex, PoisonError};

use gc::CollectReason;

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::safepoint::{self, WorldView};
use crate::scheduler::{Wait, blocking, instance_of};

/// The collector's thread, and what it is asked for.
#[derive(Debug, Default)]
pub struct Collector {
    is_started: AtomicBool,
    /// Whether the thread was asked for a cycle that it has not begun: spares the lock.
    is_requested: AtomicBool,
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

    /// Asks for a cycle, unless one is under way.
    pub fn request(&self, instance: &Instance) {
        if instance.heap.is_collecting() || self.is_requested.swap(true, Acquire) {
            return;
        }
        self.start(instance);
        drop(self.lock());
        self.changed.notify_all();
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
            self.is_requested.store(false, Release);
        }
    }

    fn run(&self, instance: &Instance) {
        be_nice();
        crate::memory_limit::respect_control_group(&instance.heap);
        loop {
            let mut wanted = self.lock();
            let completed = self.completed.load(Relaxed);
            while *wanted == completed && !self.is_requested.load(Relaxed) {
                wanted = self
                    .changed
                    .wait(wanted)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            let is_forced = *wanted != completed;
            drop(wanted);
            let reason = if is_forced {
                CollectReason::Forced
            } else {
                CollectReason::HeapGoal
            };
            let mut world = WorldView::from_outside(instance);
            let report = instance.heap.collect_concurrently(&mut world, reason);
            safepoint::print_trace(instance, report.as_ref());
            self.is_requested.store(false, Release);
            if is_forced {
                let _wanted = self.lock();
                self.completed.store(completed.wrapping_add(1), Relaxed);
                self.changed.notify_all();
            }
            instance.heap.finish_sweep();
        }
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
