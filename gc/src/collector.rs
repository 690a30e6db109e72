//! The cycle, step by step.
//!
//! 1. Finish the sweep of the last cycle, and give idle pages back, while the world runs.
//! 2. Stop the world. Flush all caches: alloc bits are exact from here on.
//! 3. Shade the roots, drain the grey.
//! 4. Begin the next sweep: every span is unswept now, its mark bits are what lives. Compute the goal.
//! 5. Start the world. Large spans are swept at once: few, and much memory each. The rest is swept on demand.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::central::Central;
use crate::heap::{GOGC_OFF, Heap};
use crate::mark::Marker;
use crate::pacer::Pacer;
use crate::phase::Phase;
use crate::roots::{RootVisitor, World};
use crate::statistics::RECENT_PAUSES;
use crate::trace::CycleReport;
use crate::verify;

/// Why a cycle runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CollectReason {
    /// The heap reached its goal, or stress mode asks.
    HeapGoal,
    /// The program asked (`runtime.GC`): all is swept before the cycle counts as done.
    Forced,
    /// Nothing was collected for a long time.
    Periodic,
}

/// What is remembered from cycle to cycle.
pub(crate) struct CycleState {
    pub(crate) completed: u32,
    pub(crate) forced: u32,
    /// What the last marking found, for the pacer.
    pub(crate) found: Pacer,
    pub(crate) last_end_unix_ns: u64,
    pub(crate) pause_total_ns: u64,
    pub(crate) pause_ns: [u64; RECENT_PAUSES],
    pub(crate) pause_end_unix_ns: [u64; RECENT_PAUSES],
    /// Time all collections took, sweeping on demand not counted.
    pub(crate) busy: Duration,
}

impl Default for CycleState {
    fn default() -> Self {
        Self {
            completed: 0,
            forced: 0,
            found: Pacer::default(),
            last_end_unix_ns: 0,
            pause_total_ns: 0,
            pause_ns: [0; RECENT_PAUSES],
            pause_end_unix_ns: [0; RECENT_PAUSES],
            busy: Duration::ZERO,
        }
    }
}

impl Heap {
    /// One whole cycle: stops the world, marks, starts it. Dead objects are swept later, on demand.
    ///
    /// The calling thread is part of the stopped world: what it needs afterwards is in a root.
    ///
    /// `None` when nothing was done: another thread is collecting, and the caller must get to its safepoint (and call again
    /// if it needs a cycle of its own, as `runtime.GC` does); or collection is switched off for a test.
    pub fn collect(&self, world: &mut dyn World, reason: CollectReason) -> Option<CycleReport> {
        // Not a lock: whoever would wait for one would never reach the safepoint that its holder waits for.
        if self.options.never_collect || self.is_collecting.swap(true, Acquire) {
            return None;
        }
        let report = self.run_cycle(world, reason);
        self.is_collecting.store(false, Release);
        Some(report)
    }

    fn run_cycle(&self, world: &mut dyn World, reason: CollectReason) -> CycleReport {
        let began = Instant::now();
        self.finish_sweep();
        self.release_idle_pages();
        let swept = Instant::now();
        world.stop();
        let stopped = Instant::now();
        let heap_before_bytes = self.counters.heap_live_bytes.load(Relaxed);
        let goal_before_bytes = self.goal_bytes.load(Relaxed);
        self.quiesce(world);
        let found = self.mark(world);
        self.begin_sweep(found);
        world.visit_caches(&mut |cache| cache.set_phase(Phase::Idle));
        let marked = Instant::now();
        world.start();
        let pause = swept.elapsed();
        self.sweep_large();
        if reason == CollectReason::Forced {
            self.finish_sweep();
            self.release_idle_pages();
        }
        let mut state = self.cycle_state.lock();
        state.finish(began, pause, found, reason);
        CycleReport {
            number: state.completed,
            since_start: began - self.born,
            gc_cpu_fraction: state.busy.as_secs_f64() / self.born.elapsed().as_secs_f64().max(1e-9),
            stop_wait: stopped - swept,
            mark: marked - stopped,
            pause,
            heap_before_bytes,
            live_bytes: found.live_bytes,
            goal_before_bytes,
            stack_bytes: found.stack_bytes,
            globals_bytes: found.globals_bytes,
            is_forced: reason == CollectReason::Forced,
        }
    }

    /// Makes alloc bits exact: every cache gives back what it did not use.
    fn quiesce(&self, world: &mut dyn World) {
        if self.options.verify {
            verify::check_caches(self, world);
        }
        world.visit_caches(&mut |cache| {
            cache.flush(self);
            cache.set_phase(Phase::Mark);
        });
    }

    /// Marks all that is reachable from the roots of `world`.
    fn mark(&self, world: &mut dyn World) -> Pacer {
        let layouts = self.layouts.lock();
        if self.options.verify {
            verify::check_heap(self, &layouts, verify::Liveness::Allocated);
        }
        let mut marker = Marker::new(self, &layouts);
        let mut roots = RootVisitor::new(&mut marker);
        world.visit_roots(&mut roots);
        let (stack_bytes, globals_bytes) = (roots.stack_bytes, roots.globals_bytes);
        marker.drain();
        if self.options.verify {
            verify::check_heap(self, &layouts, verify::Liveness::Marked);
        }
        Pacer {
            live_bytes: marker.marked_bytes,
            stack_bytes,
            globals_bytes,
        }
    }

    /// Turns all spans to unswept, and the pacer to the next goal.
    fn begin_sweep(&self, found: Pacer) {
        self.cycle.fetch_add(1, Relaxed);
        let cell_count = self.layouts.lock().cell_count();
        self.centrals[..cell_count]
            .iter()
            .for_each(Central::begin_sweep);
        self.sweep_limit.store(cell_count, Relaxed);
        self.reclaim_position.store(0, Relaxed);
        let mut large = self.large.lock();
        assert!(
            large.unswept.is_empty(),
            "sweeping ended before marking began"
        );
        large.unswept = std::mem::take(&mut large.swept);
        drop(large);
        self.counters
            .heap_live_bytes
            .store(found.live_bytes, Relaxed);
        let gogc = self.gogc.load(Relaxed);
        let goal_bytes = found.goal_bytes((gogc != GOGC_OFF).then_some(gogc as u32));
        self.goal_bytes.store(goal_bytes, Relaxed);
        self.stress_countdown
            .store(i64::from(self.options.stress_every), Relaxed);
    }
}

impl CycleState {
    fn finish(&mut self, began: Instant, pause: Duration, found: Pacer, reason: CollectReason) {
        let now_unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos() as u64;
        let pause_ns = pause.as_nanos() as u64;
        let position = self.completed as usize % RECENT_PAUSES;
        self.completed += 1;
        self.forced += u32::from(reason == CollectReason::Forced);
        self.found = found;
        self.last_end_unix_ns = now_unix;
        self.pause_total_ns += pause_ns;
        self.pause_ns[position] = pause_ns;
        self.pause_end_unix_ns[position] = now_unix;
        self.busy += began.elapsed();
    }
}
