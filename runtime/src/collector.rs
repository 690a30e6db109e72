//! The collector's thread: marks and sweeps beside the program.
//!
//! Goroutines begin cycles themselves, and can do all that a cycle needs, see [`crate::safepoint`]. The thread spares them most of
//! it where there is a processor for it. It is not nicer than the workers: what it has in its hands while it waits for a
//! processor, nobody else can mark. After a cycle it sweeps what nobody else has swept,
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

/// Heaps from this size on are marked by several threads: to start one costs as much as marking some hundred KiB.
const WORTH_MORE_THREADS_BYTES: u64 = 32 << 20;

/// The most threads that mark, mutators not counted.
const MAX_THREADS: usize = 16;

/// An instance as the collector's threads have it.
#[derive(Clone, Copy)]
struct Shared(*const Instance);

// SAFETY: an instance may be used by many threads.
unsafe impl Send for Shared {}

impl Shared {
    fn get<'instance>(self) -> &'instance Instance {
        // SAFETY: the process ends before the instance goes away.
        unsafe { &*self.0 }
    }
}

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
        if self.is_started.swap(true, Acquire) {
            return;
        }
        let shared = Shared(instance);
        let result = std::thread::Builder::new()
            .name("collector".to_owned())
            .spawn(move || {
                let instance = shared.get();
                instance.collector.run(instance);
            });
        if result.is_err() {
            // Without a thread the heap only grows; perhaps there is room for one next time.
            self.is_started.store(false, Release);
            self.is_needed.store(false, Release);
        }
    }

    fn run(&self, instance: &Instance) {
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
                    Self::help(instance, &mut world, true);
                    std::thread::yield_now();
                }
            }
            Self::help(instance, &mut world, is_forced);
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

    /// Marks until the cycle is over, if one is under way; in a large heap with more threads, for a quarter of the processors,
    /// or for all when the program waits.
    fn help(instance: &Instance, world: &mut WorldView<'_>, is_awaited: bool) {
        let processors = instance.scheduler.stated_count() as usize;
        let is_large = instance.heap.live_bytes() >= WORTH_MORE_THREADS_BYTES;
        let threads = match (is_large, is_awaited) {
            (false, _) => 1,
            (true, true) => processors.min(MAX_THREADS),
            (true, false) => (processors / 4).clamp(1, MAX_THREADS),
        };
        let shared = Shared(instance);
        let mark = move || {
            let instance = shared.get();
            let report = instance.heap.help(&mut WorldView::from_outside(instance));
            safepoint::print_trace(instance, report.as_ref());
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                // Without a thread the others do its work.
                let _ = std::thread::Builder::new().spawn_scoped(scope, mark);
            }
            let report = instance.heap.help(world);
            safepoint::print_trace(instance, report.as_ref());
        });
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
