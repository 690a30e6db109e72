//! `Instance`: one running program. All state of the runtime hangs off it, so several programs can run in one process.
//!
//! Locks, in the order of their ranks: scheduler, timers, goroutines, pools, stacks, itabs. The heap's come before
//! all of these, since it holds its table of layouts while the roots are visited; nobody allocates under any of them. Spin
//! locks (channels, semaphores) come after all, see [`crate::spin_lock`].

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gc::Heap;
use gc::sync::{LockRank, RankedMutex};

use crate::collector::Collector;
use crate::finalizer::Finalizers;
use crate::goroutine_table::GoroutineTable;
use crate::image::Image;
use crate::interface::ItabTable;
use crate::natives::StatedLimits;
use crate::options::Options;
use crate::pools::PoolTable;
use crate::runtime_error::KnownTypes;
use crate::scheduler::{Monitor, Scheduler, TICK_NS};
use crate::semaphore::SemaphoreTable;
use crate::stack::{DEFAULT_STACK_CAP_BYTES, MAX_STACK_BYTES, StackPool};
use crate::traceback::TracebackSetting;

/// How long a switch to another goroutine, or a look at the clock, takes in a seeded run.
const STEP_NS: u64 = 1000;

/// Where the wall clock of a seeded run begins: 2009-11-10 23:00 UTC, Go's birthday.
const SEEDED_WALL: Duration = Duration::from_hours(349_415);

/// One running program.
pub struct Instance {
    /// Its code and tables.
    pub image: Image,
    /// How it was asked to run.
    pub options: Options,
    /// Its collected memory.
    pub heap: Heap,
    /// The thread that collects.
    pub collector: Collector,
    /// Who calls finalizers.
    pub finalizers: Finalizers,
    /// What its workers share.
    pub scheduler: Scheduler,
    /// Who waits for which semaphore.
    pub semaphores: SemaphoreTable,
    /// All goroutines.
    pub goroutines: RankedMutex<GoroutineTable>,
    /// Pools that hold something.
    pub pools: RankedMutex<PoolTable>,
    /// Free stacks.
    pub stacks: RankedMutex<StackPool>,
    /// The types of run-time errors.
    pub known: KnownTypes,
    /// Method tables.
    pub itabs: RankedMutex<ItabTable>,
    /// What is shown when the program dies.
    pub traceback: TracebackSetting,
    /// What the program stated of limits that have no effect.
    pub stated_limits: StatedLimits,
    /// What the monitor thread shares with the workers.
    pub monitor: Monitor,
    /// The closure of the first goroutine: only a code pointer.
    pub main_closure: Box<u64>,
    started: Instant,
    /// The clock of a seeded run.
    steps_ns: AtomicU64,
    stack_cap_bytes: AtomicU64,
}

// SAFETY: the image's raw pointers name immutable data that `Image::owner` keeps alive; processors are used as said.
unsafe impl Send for Instance {}
// SAFETY: likewise; everything else that changes is behind locks or atomic.
unsafe impl Sync for Instance {}

impl Instance {
    /// A program that has not begun.
    pub fn new(mut image: Image, options: Options) -> Result<Box<Self>, gc::HeapError> {
        let layouts = std::mem::take(&mut image.layouts);
        // Traces name the program's file wherever it was started from, and what `//line` directives in it name; library
        // files have no place in the system.
        if image
            .files
            .first()
            .is_some_and(|file| std::fs::exists(file).unwrap_or(false))
        {
            for file in image.files.iter_mut().take(image.user_file_count) {
                if let Ok(absolute) = std::path::absolute(&*file) {
                    *file = absolute.display().to_string();
                }
            }
        }
        let heap = Heap::new(options.heap_options(), layouts)?;
        heap.set_processors(options.processors);
        let random = crate::random::Random::from_seed(options.seed);
        let count = u64::from(options.processors);
        let known = KnownTypes::of(&image);
        let mut stacks = StackPool::default();
        stacks.poison = options.poison_freed;
        Ok(Box::new(Self {
            main_closure: Box::new(image.entry as u64),
            known,
            heap,
            collector: Collector::default(),
            finalizers: Finalizers::default(),
            scheduler: Scheduler::new(
                count,
                options.is_seeded,
                options.reports_collections,
                random,
            ),
            semaphores: SemaphoreTable::default(),
            goroutines: RankedMutex::new(LockRank(2200), GoroutineTable::default()),
            pools: RankedMutex::new(LockRank(2250), PoolTable::default()),
            stacks: RankedMutex::new(LockRank(2300), stacks),
            itabs: RankedMutex::new(LockRank(2400), ItabTable::of(&image)),
            traceback: TracebackSetting::new(options.traceback),
            stated_limits: StatedLimits::default(),
            monitor: Monitor::default(),
            started: Instant::now(),
            steps_ns: AtomicU64::new(1),
            stack_cap_bytes: AtomicU64::new(DEFAULT_STACK_CAP_BYTES),
            image,
            options,
        }))
    }

    /// Nanoseconds on the monotonic clock since shortly before the program began; never 0. In a seeded run it goes with what
    /// the program does, so that time is the same in each.
    pub fn now_ns(&self) -> u64 {
        if self.options.is_seeded {
            return self.steps_ns.load(Relaxed);
        }
        self.started.elapsed().as_nanos() as u64 + 1
    }

    /// The wall clock, since 1970 UTC, at a time of the monotonic clock.
    pub fn wall_clock(&self, at_ns: u64) -> Duration {
        if self.options.is_seeded {
            return SEEDED_WALL + Duration::from_nanos(at_ns);
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        now.saturating_sub(Duration::from_nanos(self.now_ns().saturating_sub(at_ns)))
    }

    /// Lets the clock of a seeded run go on by a step, or to `until_ns`.
    pub fn step_clock(&self, until_ns: Option<u64>) {
        if self.options.is_seeded {
            let now_ns = self.steps_ns.load(Relaxed);
            let next_ns = until_ns.map_or(now_ns + STEP_NS, |until_ns| until_ns.max(now_ns));
            self.steps_ns.store(next_ns, Relaxed);
        }
    }

    /// A coarse clock, in ticks of the monitor. A seeded run has no monitor, but a clock that is read for nothing.
    pub fn ticks(&self) -> u64 {
        if self.options.is_seeded {
            self.now_ns() / TICK_NS
        } else {
            self.monitor.ticks()
        }
    }

    /// Bytes that no stack may exceed.
    pub fn stack_cap_bytes(&self) -> u64 {
        match self.stack_cap_bytes.load(Relaxed) {
            DEFAULT_STACK_CAP_BYTES => MAX_STACK_BYTES,
            cap => cap,
        }
    }

    /// The cap as the program knows it, as `debug.SetMaxStack` states it.
    pub fn stated_stack_cap_bytes(&self) -> u64 {
        self.stack_cap_bytes.load(Relaxed)
    }

    /// Sets the cap; returns the one before.
    pub fn set_stack_cap_bytes(&self, bytes: u64) -> u64 {
        self.stack_cap_bytes.swap(bytes, Relaxed)
    }

    /// Ends the program with `status`, from the thread that claimed its end. Where the process ends with it, nothing more
    /// happens; where not, its workers stop.
    pub fn end(&self, status: i32) {
        let has_others = self.scheduler.has_several_workers() || self.collector.is_started();
        if self.options.ends_process && has_others {
            crate::exit_now(status);
        }
        self.scheduler.end(status);
    }

    /// Waits for all threads but the caller's, that of the first worker.
    pub fn shut_down(&self) {
        self.monitor.stop();
        let threads = std::mem::take(&mut self.scheduler.lock().threads);
        for thread in threads {
            // A worker that panicked has said so.
            let _ = thread.join();
        }
    }
}
