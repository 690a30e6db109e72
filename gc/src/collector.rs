//! The cycle, step by step.
//!
//! 1. Finish the sweep of the last cycle, while the world runs.
//! 2. Stop A. From here on what is allocated is black, stores log what they erase, and goroutines are stale.
//! 3. Start the world. Markers shade roots and drain the grey, while goroutines run, each scanned before it does.
//! 4. Stop B, when nothing is grey: logs are looked at, and unless they held much, marking is over. Alloc bits are made exact;
//!    every span is unswept now, its mark bits are what lives. Compute the goal.
//! 5. Start the world. Spans are swept on demand, and by the collector's thread in the background ([`Heap::tidy`]), which then
//!    gives memory back that nobody will need.
//!
//! Work in a stop is bounded by the number of Processors, not by that of objects, spans or goroutines.
//!
//! **Nobody in particular runs a cycle.** A mutator that finds the heap at its trigger makes stop A itself, at the safepoint where
//! it is ([`Heap::try_begin_cycle`]); it can mark, roots included ([`Heap::assist`]); and it makes stop B when it finds nothing
//! left to mark. So a cycle does not depend on when the system lets another thread run, and where one goroutine runs, a stop
//! waits for nobody. The collector's thread ([`Heap::help`]) marks beside them, and does all of it where no mutator comes by.
//!
//! [`Heap::collect`] is the same with the world stopped from step 2 to step 5, for `gcstop=1`, stress, and tests.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

use crate::checkmark;
use crate::cycle::{CollectReason, Progress, Stopped};
use crate::generation::Cohort;
use crate::heap::{GOGC_OFF, Heap};
use crate::layout::{LayoutTable, PAGE_SIZE_BYTES};
use crate::mark::Marker;
use crate::mark_pool::PoolState;
use crate::pacer::{Pacer, Speeds};
use crate::roots::{ConcurrentWorld, RootVisitor, World};
use crate::system::thread_time;
use crate::trace::CycleReport;
use crate::verify;

/// Words scanned in an attempt to stop for good; with more to do, the world runs on. Some 10 us.
const FINAL_BUDGET: usize = 512;

/// Words that the collector's thread scans at a time.
const MARK_BUDGET: usize = 1 << 14;

/// With `gcjitter`, so that a small heap is not marked before mutators had a chance to interfere.
const JITTERY_MARK_BUDGET: usize = 128;

/// Spans that a mutator sweeps at a time when a cycle is due and the last one is not swept: some 20 us.
const SWEEP_BUDGET: usize = 128;

/// How long the collector's thread waits for a mutator to make stop B, which costs a mutator less than being stopped.
const END_PATIENCE: Duration = Duration::from_micros(200);

/// How long it sleeps when others mark and have nothing to share.
const HELPER_NAP: Duration = Duration::from_micros(20);

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
        let mut progress = Progress::begin(reason, self.goal_bytes.load(Relaxed));
        let began_cpu = thread_time();
        self.finish_sweep();
        self.release_idle_pages();
        self.prepare_kind(&mut progress, world);
        let stopped = Stopped::stop(world);
        world.begin_cycle();
        progress.heap_before_bytes = self.counters.heap_live_bytes.load(Relaxed);
        self.make_exact(world);
        self.open_marking();
        // The world hands its roots out at once.
        self.pool.end_roots();
        let mut marker = Marker::enter(self).expect("marking is under way");
        let mut roots = RootVisitor::new(&mut marker);
        world.visit_roots(&mut roots);
        self.note_roots(&roots);
        while self.mark_some_specials(&mut marker) || self.mark_some_cards(&mut marker) {}
        marker.drain(usize::MAX);
        marker.finish();
        let is_closed = self.pool.close_if_drained();
        assert!(is_closed, "nobody else marks");
        self.check_marks(world);
        progress.mark = stopped.stood();
        let found = self.begin_sweep(0, &progress);
        progress.note_stop(&stopped);
        progress.first_stop = std::mem::take(&mut progress.last_stop);
        world.start();
        self.decide_specials(|| false);
        self.sweep_large();
        if reason == CollectReason::Forced {
            self.finish_sweep();
            self.release_idle_pages();
        }
        self.note_marking_time(began_cpu);
        Some(self.end_cycle(&progress, found))
    }

    /// Begins a cycle in which the world runs but for two short stops, sweeping first for as long as it takes. For a thread that
    /// is not part of the world; as [`Self::try_begin_cycle`] otherwise.
    pub fn begin_cycle(&self, world: &mut dyn ConcurrentWorld, reason: CollectReason) -> bool {
        if !self.claim_cycle() {
            return false;
        }
        let began_cpu = thread_time();
        self.finish_sweep();
        while self.has_background_sweepers() {
            std::thread::yield_now();
        }
        self.begin_marking(world, reason);
        self.note_marking_time(began_cpu);
        true
    }

    /// Begins a cycle as [`Self::begin_cycle`], if all is swept, and else sweeps a little. Called at a safepoint of a mutator,
    /// which may be stopped and is stale afterwards.
    ///
    /// False also when a cycle is under way, or collection is switched off for a test.
    pub fn try_begin_cycle(&self, world: &mut dyn ConcurrentWorld, reason: CollectReason) -> bool {
        if !self.claim_cycle() {
            return false;
        }
        if !self.sweep_some(SWEEP_BUDGET) || self.has_background_sweepers() {
            self.is_collecting.store(false, SeqCst);
            return false;
        }
        self.begin_marking(world, reason);
        true
    }

    /// Marks until the marking under way is over, if one is. Called by threads that are not part of the world. Returns what the
    /// cycle did if it was this call that ended it.
    pub fn help(&self, world: &mut dyn ConcurrentWorld) -> Option<CycleReport> {
        let budget = if self.options.jitter == 0 {
            MARK_BUDGET
        } else {
            JITTERY_MARK_BUDGET
        };
        loop {
            let began_cpu = thread_time();
            let mut marker = Marker::enter(self)?;
            while !self.mark_some(world, &mut marker, budget) {
                self.jitter();
            }
            self.note_marking_time(began_cpu);
            marker.finish();
            if let Some(report) = self.await_end(world) {
                return Some(report);
            }
        }
    }

    /// Waits until there is something to mark again, or ends the marking if nobody else does.
    fn await_end(&self, world: &mut dyn ConcurrentWorld) -> Option<CycleReport> {
        let mut asked_at = None;
        loop {
            match self.pool.state() {
                PoolState::Closed | PoolState::HasWork => return None,
                PoolState::Active => std::thread::sleep(HELPER_NAP),
                PoolState::Drained => {
                    let asked_at = *asked_at.get_or_insert_with(|| {
                        self.assist_line.ask_for_end();
                        Instant::now()
                    });
                    if self.is_end_urgent() || asked_at.elapsed() > END_PATIENCE {
                        return self.try_finish(world);
                    }
                    std::thread::sleep(HELPER_NAP);
                }
            }
        }
    }

    /// Whether somebody waits for the cycle.
    fn is_end_urgent(&self) -> bool {
        let in_progress = self.in_progress.lock();
        in_progress
            .as_ref()
            .is_some_and(|progress| progress.reason == CollectReason::Forced)
    }

    /// Whether the caller is to run a cycle. Not a lock: whoever would wait for one might never reach the safepoint that its
    /// holder waits for.
    fn claim_cycle(&self) -> bool {
        !self.options.never_collect
            && !self.is_collecting()
            && !self.is_collecting.swap(true, SeqCst)
    }

    /// Stop A. All is swept.
    fn begin_marking(&self, world: &mut dyn ConcurrentWorld, reason: CollectReason) {
        let mut progress = Progress::begin(reason, self.goal_bytes.load(Relaxed));
        self.prepare_kind(&mut progress, world);
        let stopped = Stopped::stop(world);
        world.begin_cycle();
        if self.options.verify {
            self.make_exact(world);
        }
        progress.heap_before_bytes = self.counters.heap_live_bytes.load(Relaxed);
        let mut allocated_bytes = self.counters.allocated_bytes.load(Relaxed);
        world.visit_caches(&mut |cache| {
            let taken_bytes = cache.taken().1;
            progress.mutators += u64::from(taken_bytes > 0);
            allocated_bytes += taken_bytes;
            cache.begin_marking(&self.arena, &self.options);
        });
        progress.allocated_before_bytes = allocated_bytes;
        let state = self.cycle_state.lock();
        let (found, is_limited) = (state.found, state.limiter.is_limiting());
        drop(state);
        // Where growth alone decides, the goal leaves the program its share anyway.
        let goal_by_growth = found.goal_bytes(self.gogc_now(), crate::NO_LIMIT);
        let is_left_alone = is_limited && self.goal_bytes.load(Relaxed) < goal_by_growth;
        self.assist_line.set(
            is_left_alone,
            found.runway(
                progress.heap_before_bytes,
                self.goal_bytes.load(Relaxed),
                progress.is_young,
            ),
        );
        // Nothing is due until this is over.
        self.trigger_bytes.store(u64::MAX, Relaxed);
        self.epoch.fetch_add(1, Relaxed);
        self.is_marking.store(true, Relaxed);
        self.open_marking();
        progress.note_stop(&stopped);
        progress.first_stop = progress.last_stop;
        progress.mark_began = Instant::now();
        *self.in_progress.lock() = Some(progress);
        world.start();
    }

    /// Makes sure that the cycle can be of its kind: what the program asks for is a full one. All spans were claimed by sweepers.
    fn prepare_kind(&self, progress: &mut Progress, world: &mut (impl World + ?Sized)) {
        if progress.reason != CollectReason::HeapGoal && self.has_old() {
            // A mutator may be sweeping its last span, by marks that are about to go. It does not stop before it is done.
            let stopped = Stopped::stop(world);
            progress.note_stop(&stopped);
            world.start();
            self.forget_old();
        }
        progress.is_young = self.has_old();
    }

    /// Opens the pool in the first stop.
    fn open_marking(&self) {
        self.specials.begin_marking();
        let last_page = self.pages.lock().counts().committed;
        self.cards.begin_marking((last_page + 1) * PAGE_SIZE_BYTES);
        self.pool.open();
    }

    /// Marks until about `budget` words were scanned, some roots included, or nothing is left; whether nothing is.
    pub(crate) fn mark_some(
        &self,
        world: &mut dyn ConcurrentWorld,
        marker: &mut Marker<'_>,
        budget: usize,
    ) -> bool {
        if !marker.drain(budget) {
            return false;
        }
        let Some(part) = self.pool.claim_roots() else {
            return !self.mark_some_specials(marker) && !self.mark_some_cards(marker);
        };
        let mut roots = RootVisitor::new(marker);
        let has_more = world.visit_roots_concurrently(part, &mut roots);
        self.note_roots(&roots);
        if !has_more {
            self.pool.end_roots();
        }
        false
    }

    /// Shades what some cards stand for; whether there was anything left. A full cycle only wipes them.
    fn mark_some_cards(&self, marker: &mut Marker<'_>) -> bool {
        if !self.pool.has_cards() {
            return false;
        }
        let is_of_use = self.has_old() && !self.options.no_cards;
        let base = self.arena.page_address(0);
        let has_some = if is_of_use {
            let visit = |card, reach| marker.scan_card(card, reach);
            self.cards.claim(base, visit)
        } else {
            self.cards.claim_and_forget(base)
        };
        if !has_some {
            self.pool.end_cards();
        }
        has_some
    }

    /// Stop B, if little is left to do, and nobody else is at it. The caller is not part of the world, or at a safepoint.
    pub(crate) fn try_finish(&self, world: &mut dyn ConcurrentWorld) -> Option<CycleReport> {
        // Who took it away is alone in ending the marking.
        let mut progress = self.in_progress.lock().take()?;
        self.jitter();
        let stopped = Stopped::stop(world);
        world.visit_caches(&mut |cache| {
            self.hand_over_log(cache);
        });
        let mut marker = Marker::enter(self).expect("nobody else ends the marking");
        let is_drained = marker.drain(FINAL_BUDGET);
        marker.finish();
        if !is_drained || !self.pool.close_if_drained() {
            progress.note_stop(&stopped);
            *self.in_progress.lock() = Some(progress);
            world.start();
            return None;
        }
        progress.mark = stopped.times.asked.duration_since(progress.mark_began);
        self.check_marks(world);
        world.visit_caches(&mut |cache| {
            cache.flush(self);
            cache.end_marking();
        });
        if self.options.verify {
            verify::check_heap(self, world, verify::Liveness::Marked);
        }
        self.is_marking.store(false, Relaxed);
        let allocated_bytes =
            self.counters.allocated_bytes.load(Relaxed) - progress.allocated_before_bytes;
        let found = self.begin_sweep(allocated_bytes, &progress);
        progress.note_stop(&stopped);
        world.start();
        Some(self.end_cycle(&progress, found))
    }

    /// What is left to do after a cycle: sweeping, and giving memory back. Ends early when the next one begins. For a thread that
    /// is not part of the world.
    pub fn tidy(&self) {
        self.sweep_in_background();
        if !self.is_collecting() {
            self.release_idle_pages();
        }
    }

    /// The books at the end of a cycle.
    fn end_cycle(&self, progress: &Progress, found: Pacer) -> CycleReport {
        let own_time = Duration::from_nanos(self.counters.marking_ns.swap(0, Relaxed));
        let assist = Duration::from_nanos(self.counters.assist_ns.swap(0, Relaxed));
        let mut state = self.cycle_state.lock();
        state.finish(progress, found);
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
            is_forced: progress.reason == CollectReason::Forced,
        };
        drop(state);
        self.is_collecting.store(false, SeqCst);
        report
    }

    /// Counts the processor time of a thread that marks and is no mutator, since `began`.
    fn note_marking_time(&self, began: Duration) {
        let elapsed = thread_time().saturating_sub(began);
        self.counters
            .marking_ns
            .fetch_add(elapsed.as_nanos() as u64, Relaxed);
    }

    /// Makes alloc bits exact: every cache gives back what it did not use.
    fn make_exact(&self, world: &mut dyn World) {
        if self.options.verify {
            verify::check_caches(self, world);
        }
        world.visit_caches(&mut |cache| cache.flush(self));
        if self.options.verify {
            verify::check_heap(self, world, verify::Liveness::Allocated);
        }
    }

    /// The checks after marking, with the world stopped.
    fn check_marks(&self, world: &mut dyn World) {
        if self.options.check_marks {
            checkmark::check(self, world);
        }
        if self.options.verify && !self.is_marking() {
            verify::check_heap(self, world, verify::Liveness::Marked);
        }
    }

    pub(crate) fn layouts_now(&self) -> Arc<LayoutTable> {
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
        let former = self.cycle_state.lock().found;
        let old_bytes = if progress.is_young {
            former.old_bytes()
        } else {
            0
        };
        let live_bytes = old_bytes + marked_bytes + allocated_bytes;
        let found = Pacer {
            live_bytes,
            generations: former.generations.after(Cohort {
                is_young: progress.is_young,
                former_old_bytes: former.old_bytes(),
                heap_bytes: progress.heap_before_bytes,
                marked_bytes,
                black_bytes: allocated_bytes,
            }),
            stack_bytes: self.pool.stack_bytes.load(Relaxed),
            globals_bytes: self.pool.globals_bytes.load(Relaxed),
            heap_bytes: self.counters.heap_live_bytes.load(Relaxed),
            allocated_while_marking_bytes: allocated_bytes,
            cons_mark_ratio: speeds.cons_mark_ratio(former.cons_mark_ratio),
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
        self.plan_next_cycle(&found);
        self.set_goal(&found);
        self.stress_countdown
            .store(i64::from(self.options.stress_every), Relaxed);
        found
    }

    pub(crate) fn gogc_now(&self) -> Option<u32> {
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
            found.trigger_bytes(goal_bytes, self.has_old())
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
