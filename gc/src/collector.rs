//! The cycle, step by step.
//!
//! 1. Finish the sweep of the last cycle, and give idle pages back, while the world runs.
//! 2. Stop A. From here on what is allocated is black, stores log what they erase, and goroutines are stale.
//! 3. Start the world. Markers shade roots and drain the grey, while goroutines run, each scanned before it does.
//! 4. Stop B, when nothing is grey: logs are looked at, and unless they held much, marking is over. Alloc bits are made exact;
//!    every span is unswept now, its mark bits are what lives. Compute the goal.
//! 5. Start the world. Large spans are swept at once: few, and much memory each. The rest is swept on demand, and by
//!    whoever runs the cycle, in the background.
//!
//! Work in a stop is bounded by the number of Processors, not by that of objects, spans or goroutines.
//!
//! [`Heap::collect`] is the same with the world stopped from step 2 to step 5, for `gcstop=1`, stress, and tests.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::checkmark;
use crate::cpu_limiter::CpuLimiter;
use crate::heap::{GOGC_OFF, Heap};
use crate::layout::LayoutTable;
use crate::mark::Marker;
use crate::pacer::{Pacer, Speeds};
use crate::phase::Phase;
use crate::roots::{ConcurrentWorld, RootVisitor, World};
use crate::statistics::{PauseHistogram, RECENT_PAUSES};
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
    /// Of all stops, two or more a cycle.
    pub(crate) pauses: PauseHistogram,
    /// Processor time all collections took, sweeping on demand not counted.
    pub(crate) busy: Duration,
    /// That part of it which mutators spent.
    pub(crate) assist: Duration,
    /// Whether that is too much.
    pub(crate) limiter: CpuLimiter,
    /// Processor time that the program could have used, when the last cycle ended.
    pub(crate) available_ns: u64,
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
            pauses: PauseHistogram::default(),
            busy: Duration::ZERO,
            assist: Duration::ZERO,
            limiter: CpuLimiter::default(),
            available_ns: 0,
        }
    }
}

/// Words scanned in an attempt to stop for good; with more to do, the world runs on. Some 10 us.
const FINAL_BUDGET: usize = 512;

/// Words scanned between two chances for `gcjitter` to interfere.
const MARK_BUDGET: usize = 1 << 14;

/// What a cycle measures on its way.
struct Progress {
    began: Instant,
    began_cpu: Duration,
    heap_before_bytes: u64,
    goal_before_bytes: u64,
    /// Stops so far: what went before each, the time until the world stood, and the whole.
    first_stop: Stop,
    last_stop: Stop,
    paused: Duration,
    stops: Vec<Duration>,
    mark: Duration,
    /// Processors that allocated since the last cycle.
    mutators: u64,
}

/// One stop of the world.
#[derive(Clone, Copy, Default)]
struct Stop {
    /// From asking until all stood.
    wait: Duration,
    /// From asking until all were told to run: when this thread runs again is another matter.
    whole: Duration,
}

impl Heap {
    /// One whole cycle with the world stopped for marking. Dead objects are swept later, on demand.
    ///
    /// The calling thread is part of the stopped world: what it needs afterwards is in a root.
    ///
    /// `None` when nothing was done: another thread is collecting, and the caller must get to its safepoint (and call again
    /// if it needs a cycle of its own, as `runtime.GC` does); or collection is switched off for a test.
    pub fn collect(&self, world: &mut dyn World, reason: CollectReason) -> Option<CycleReport> {
        if !self.claim_cycle() {
            return None;
        }
        let mut progress = self.begin_cycle();
        let asked = Instant::now();
        world.stop();
        let wait = asked.elapsed();
        world.begin_cycle();
        progress.heap_before_bytes = self.counters.heap_live_bytes.load(Relaxed);
        self.make_exact(world);
        self.pool.reset();
        let layouts = self.layouts_now();
        let mut marker = Marker::new(self, &layouts);
        let mut roots = RootVisitor::new(&mut marker);
        world.visit_roots(&mut roots);
        self.note_roots(&roots);
        marker.drain(usize::MAX);
        marker.finish();
        self.check_marks(world);
        let found = self.begin_sweep(0, &progress);
        progress.mark = asked.elapsed().saturating_sub(wait);
        let whole = asked.elapsed();
        world.start();
        progress.paused = whole;
        progress.stops.push(whole);
        progress.first_stop = Stop { wait, whole };
        Some(self.end_cycle(&progress, found, reason))
    }

    /// One whole cycle, while the world runs but for two short stops. Called on a thread that is not part of the world, or at
    /// a safepoint of one that is. As [`Self::collect`] otherwise.
    pub fn collect_concurrently(
        &self,
        world: &mut dyn ConcurrentWorld,
        reason: CollectReason,
    ) -> Option<CycleReport> {
        if !self.claim_cycle() {
            return None;
        }
        let mut progress = self.begin_cycle();
        let (layouts, allocated_before) = self.begin_marking(world, &mut progress);
        let marking = Instant::now();
        let mut marker = Marker::new(self, &layouts);
        let mut roots = RootVisitor::new(&mut marker);
        self.jitter();
        world.visit_roots_concurrently(&mut roots);
        self.note_roots(&roots);
        let found = loop {
            while !marker.drain(MARK_BUDGET) {
                self.jitter();
            }
            marker.finish();
            self.await_markers();
            progress.mark = marking.elapsed();
            if let Some(found) = self.try_finish(world, &layouts, &mut progress, allocated_before) {
                break found;
            }
            marker = Marker::new(self, &layouts);
        };
        Some(self.end_cycle(&progress, found, reason))
    }

    /// Whether the caller is to run a cycle. Not a lock: whoever would wait for one might never reach the safepoint that its
    /// holder waits for.
    fn claim_cycle(&self) -> bool {
        !self.options.never_collect && !self.is_collecting.swap(true, Acquire)
    }

    fn begin_cycle(&self) -> Progress {
        let (began, began_cpu) = (Instant::now(), thread_time());
        self.finish_sweep();
        self.release_idle_pages();
        Progress {
            began,
            began_cpu,
            heap_before_bytes: 0,
            goal_before_bytes: self.goal_bytes.load(Relaxed),
            first_stop: Stop::default(),
            last_stop: Stop::default(),
            paused: Duration::ZERO,
            stops: Vec::new(),
            mark: Duration::ZERO,
            mutators: 0,
        }
    }

    /// Stop A. Returns the layouts of objects that can be grey, and the bytes allocated so far.
    fn begin_marking(
        &self,
        world: &mut dyn ConcurrentWorld,
        progress: &mut Progress,
    ) -> (Arc<LayoutTable>, u64) {
        self.pool.reset();
        let asked = Instant::now();
        world.stop();
        let wait = asked.elapsed();
        world.begin_cycle();
        if self.options.verify {
            self.make_exact(world);
        }
        progress.heap_before_bytes = self.counters.heap_live_bytes.load(Relaxed);
        let layouts = self.layouts_now();
        let mut allocated_bytes = self.counters.allocated_bytes.load(Relaxed);
        world.visit_caches(&mut |cache| {
            let taken_bytes = cache.taken().1;
            progress.mutators += u64::from(taken_bytes > 0);
            allocated_bytes += taken_bytes;
            cache.begin_marking(&self.arena);
        });
        let state = self.cycle_state.lock();
        let (found, is_limited) = (state.found, state.limiter.is_limiting());
        drop(state);
        // Where growth alone decides, the goal leaves the program its share anyway.
        let goal_by_growth = found.goal_bytes(self.gogc_now(), crate::NO_LIMIT);
        let is_left_alone = is_limited && self.goal_bytes.load(Relaxed) < goal_by_growth;
        self.assist_line.set(
            is_left_alone,
            found.runway(progress.heap_before_bytes, self.goal_bytes.load(Relaxed)),
        );
        self.epoch.fetch_add(1, Relaxed);
        self.is_marking.store(true, Relaxed);
        progress.note_stop(asked, wait);
        world.start();
        progress.first_stop = progress.last_stop;
        (layouts, allocated_bytes)
    }

    /// Waits for markers that are mutators: they end soon, by their budget.
    fn await_markers(&self) {
        while self.pool.has_active() {
            std::thread::yield_now();
        }
    }

    /// Stop B, if little is left to do.
    fn try_finish(
        &self,
        world: &mut dyn ConcurrentWorld,
        layouts: &LayoutTable,
        progress: &mut Progress,
        allocated_before: u64,
    ) -> Option<Pacer> {
        self.jitter();
        let asked = Instant::now();
        world.stop();
        let wait = asked.elapsed();
        world.visit_caches(&mut |cache| {
            self.hand_over_log(cache);
        });
        let mut marker = Marker::new(self, layouts);
        let is_drained = marker.drain(FINAL_BUDGET);
        marker.finish();
        if !is_drained || !self.pool.is_drained() {
            progress.note_stop(asked, wait);
            world.start();
            return None;
        }
        self.check_marks(world);
        world.visit_caches(&mut |cache| {
            cache.flush(self);
            cache.set_phase(Phase::Idle);
        });
        let allocated_bytes = self.counters.allocated_bytes.load(Relaxed);
        if self.options.verify {
            verify::check_heap(self, &self.layouts_now(), verify::Liveness::Marked);
        }
        self.is_marking.store(false, Relaxed);
        let found = self.begin_sweep(allocated_bytes - allocated_before, progress);
        progress.note_stop(asked, wait);
        world.start();
        Some(found)
    }

    /// The end of a cycle: memory that is at hand at once, and the books.
    fn end_cycle(&self, progress: &Progress, found: Pacer, reason: CollectReason) -> CycleReport {
        self.sweep_large();
        if reason == CollectReason::Forced {
            self.finish_sweep();
            self.release_idle_pages();
        }
        let own_time = thread_time().saturating_sub(progress.began_cpu);
        let assist = Duration::from_nanos(self.counters.assist_ns.swap(0, Relaxed));
        let mut state = self.cycle_state.lock();
        state.finish(progress, found, reason);
        state.busy += own_time + assist;
        state.assist += assist;
        let (available_ns, processors) = self.available.sum_ns();
        let since_ns = available_ns - state.available_ns;
        state.available_ns = available_ns;
        state
            .limiter
            .update((own_time + assist).as_nanos() as u64, since_ns, processors);
        let report = CycleReport {
            number: state.completed,
            since_start: progress.began - self.born,
            gc_cpu_fraction: self.available.fraction_of(state.busy),
            first_stop: progress.first_stop.whole,
            stop_wait: progress.first_stop.wait,
            mark: progress.mark,
            last_stop: progress.last_stop.whole,
            assist,
            mark_cpu: own_time,
            heap_before_bytes: progress.heap_before_bytes,
            heap_after_bytes: found.heap_bytes.max(progress.heap_before_bytes),
            live_bytes: found.live_bytes,
            goal_before_bytes: progress.goal_before_bytes,
            stack_bytes: found.stack_bytes,
            globals_bytes: found.globals_bytes,
            is_forced: reason == CollectReason::Forced,
        };
        drop(state);
        self.is_collecting.store(false, Release);
        report
    }

    /// Makes alloc bits exact: every cache gives back what it did not use.
    fn make_exact(&self, world: &mut dyn World) {
        if self.options.verify {
            verify::check_caches(self, world);
        }
        world.visit_caches(&mut |cache| cache.flush(self));
        if self.options.verify {
            verify::check_heap(self, &self.layouts_now(), verify::Liveness::Allocated);
        }
    }

    /// The checks after marking, with the world stopped.
    fn check_marks(&self, world: &mut dyn World) {
        if self.options.check_marks {
            checkmark::check(self, world);
        }
        if self.options.verify && !self.is_marking() {
            verify::check_heap(self, &self.layouts_now(), verify::Liveness::Marked);
        }
    }

    fn layouts_now(&self) -> Arc<LayoutTable> {
        Arc::clone(&self.layouts.lock())
    }

    fn note_roots(&self, roots: &RootVisitor<'_, '_>) {
        self.pool.stack_bytes.fetch_add(roots.stack_bytes, Relaxed);
        self.pool
            .globals_bytes
            .fetch_add(roots.globals_bytes, Relaxed);
    }

    /// Turns all spans to unswept, and the pacer to the next goal. `allocated_bytes` were allocated black.
    fn begin_sweep(&self, allocated_bytes: u64, progress: &Progress) -> Pacer {
        let marked_bytes = self.pool.marked_bytes.load(Relaxed);
        let speeds = Speeds {
            marked_bytes,
            allocated_bytes,
            elapsed_ns: progress.mark.as_nanos() as u64,
            assist_ns: self.counters.assist_ns.load(Relaxed),
            mutators: progress.mutators,
        };
        let former = self.cycle_state.lock().found.cons_mark_ratio;
        let found = Pacer {
            live_bytes: marked_bytes + allocated_bytes,
            stack_bytes: self.pool.stack_bytes.load(Relaxed),
            globals_bytes: self.pool.globals_bytes.load(Relaxed),
            heap_bytes: self.counters.heap_live_bytes.load(Relaxed),
            allocated_while_marking_bytes: allocated_bytes,
            cons_mark_ratio: speeds.cons_mark_ratio(former),
        };
        self.cycle.fetch_add(1, Relaxed);
        let cell_count = self.layouts.lock().cell_count();
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
        self.set_goal(&found);
        self.stress_countdown
            .store(i64::from(self.options.stress_every), Relaxed);
        found
    }

    fn gogc_now(&self) -> Option<u32> {
        let gogc = self.gogc.load(Relaxed);
        (gogc != GOGC_OFF).then_some(gogc as u32)
    }

    /// Goal and trigger after a marking that found `found`, at the present GOGC and limit.
    pub(crate) fn set_goal(&self, found: &Pacer) {
        let limit_bytes = self.effective_limit_bytes();
        let goal_bytes = found.goal_bytes(self.gogc_now(), limit_bytes);
        self.goal_bytes.store(goal_bytes, Relaxed);
        let trigger_bytes = if self.options.stop_world {
            goal_bytes
        } else {
            found.trigger_bytes(goal_bytes)
        };
        self.trigger_bytes.store(trigger_bytes, Relaxed);
    }

    /// With `gcjitter`, waits for a random time: at hand-overs, to have them meet others than they usually do.
    pub(crate) fn jitter(&self) {
        if self.options.jitter == 0 {
            return;
        }
        let mixed = (self.options.jitter ^ self.jitter_count.fetch_add(1, Relaxed))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        match mixed >> 60 {
            0..4 => {}
            4..8 => std::thread::yield_now(),
            _ => std::thread::sleep(Duration::from_nanos(mixed >> 20 & 0xffff)),
        }
    }
}

impl Progress {
    fn note_stop(&mut self, asked: Instant, wait: Duration) {
        let whole = asked.elapsed();
        self.last_stop = Stop { wait, whole };
        self.paused += whole;
        self.stops.push(whole);
    }
}

impl CycleState {
    fn finish(&mut self, progress: &Progress, found: Pacer, reason: CollectReason) {
        let now_unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos() as u64;
        let pause_ns = progress.paused.as_nanos() as u64;
        let position = self.completed as usize % RECENT_PAUSES;
        self.completed += 1;
        self.forced += u32::from(reason == CollectReason::Forced);
        self.found = found;
        self.last_end_unix_ns = now_unix;
        self.pause_total_ns += pause_ns;
        self.pause_ns[position] = pause_ns;
        self.pause_end_unix_ns[position] = now_unix;
        for &stop in &progress.stops {
            self.pauses.add(stop);
        }
    }
}

/// Processor time of this thread.
pub(crate) fn thread_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock exists on every Linux, and the structure is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
