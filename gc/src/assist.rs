//! Assists: a mutator that allocates faster than the markers mark lends them a hand.
//!
//! From the trigger on, marking has to keep pace with allocation, so that it ends when the heap reaches its goal: with a
//! tenth of the way used up, a tenth of the work has to be done. As long as the markers are ahead of that line nobody
//! helps. When they are behind, a mutator marks at its next refill, for [`LONGEST`]: a bounded delay. Beyond the goal every
//! refill pays; beyond by a sixteenth, a mutator comes again before it allocates, until the marking ends or nothing is left to
//! mark; and where all that is left is with a marker that the system may not let run, it steps aside ([`Heap::is_held_up`]).
//!
//! The line is turned round for the fast path: an assist computes at what size of the heap the work done so far will no longer
//! be enough, and until then a refill only compares.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::{Duration, Instant};

use crate::heap::Heap;
use crate::mark::Marker;
use crate::mark_pool::PoolState;
use crate::pacer::Runway;
use crate::roots::ConcurrentWorld;
use crate::system::thread_time;
use crate::trace::CycleReport;

/// How long an assist takes; what is looked at only between two [`STEP_WORDS`].
const LONGEST: Duration = Duration::from_micros(20);

/// Words scanned between two looks at the clock: some 2 us.
const STEP_WORDS: usize = 256;

/// How much the heap grows before a mutator looks for work again that found none.
const IDLE_STEP_BYTES: u64 = 64 << 10;

/// What ties mutators' marking to their allocating, while one cycle marks. Written in stop A; read by anybody.
#[derive(Default)]
pub(crate) struct AssistLine {
    start_bytes: AtomicU64,
    goal_bytes: AtomicU64,
    work_bytes: AtomicU64,
    /// Size of the heap from which on mutators have to look.
    next_bytes: AtomicU64,
    /// Whether they mark at all.
    is_left_alone: AtomicBool,
    /// Whether nothing is left to mark, and one of them should end the marking.
    is_end_wanted: AtomicBool,
    /// Nanoseconds of the longest assist, of all cycles.
    pub(crate) longest_ns: AtomicU64,
    /// Assists that marked something, of all cycles.
    pub(crate) count: AtomicU64,
}

impl AssistLine {
    /// Begins a cycle, without assists if mutators are to be left alone.
    pub(crate) fn set(&self, is_left_alone: bool, runway: Runway) {
        self.start_bytes.store(runway.start_bytes, Relaxed);
        self.goal_bytes.store(runway.goal_bytes, Relaxed);
        self.work_bytes.store(runway.work_bytes, Relaxed);
        self.is_left_alone.store(is_left_alone, Relaxed);
        self.is_end_wanted.store(false, Relaxed);
        self.come_back_at(runway.covered_bytes(0));
    }

    /// Has mutators look again when the heap has this size.
    fn come_back_at(&self, heap_bytes: u64) {
        let is_left_alone = self.is_left_alone.load(Relaxed);
        let next_bytes = if is_left_alone { u64::MAX } else { heap_bytes };
        self.next_bytes.store(next_bytes, Relaxed);
    }

    /// Asks the next mutator that comes by to end the marking.
    pub(crate) fn ask_for_end(&self) {
        self.is_end_wanted.store(true, Relaxed);
        self.next_bytes.store(0, Relaxed);
    }

    fn runway(&self) -> Runway {
        Runway {
            start_bytes: self.start_bytes.load(Relaxed),
            goal_bytes: self.goal_bytes.load(Relaxed),
            work_bytes: self.work_bytes.load(Relaxed),
        }
    }
}

impl Heap {
    /// Whether the caller, who is about to allocate, should call [`Self::assist`] first.
    #[inline]
    pub fn wants_assist(&self) -> bool {
        self.is_marking()
            && self.counters.heap_live_bytes.load(Relaxed)
                >= self.assist_line.next_bytes.load(Relaxed)
    }

    /// Marks a little, if the markers are late, and ends the marking if nothing is left. At a safepoint of a mutator, which may
    /// be stopped.
    #[cold]
    pub fn assist(&self, world: &mut dyn ConcurrentWorld) -> Assisted {
        let line = &self.assist_line;
        let runway = line.runway();
        let heap_bytes = self.counters.heap_live_bytes.load(Relaxed);
        let covered_bytes = runway.covered_bytes(self.pool.marked_bytes.load(Relaxed));
        if line.is_end_wanted.swap(false, Relaxed) {
            line.come_back_at(covered_bytes);
            return Assisted::with_report(self.try_finish(world));
        }
        if heap_bytes < covered_bytes {
            line.come_back_at(covered_bytes);
            return Assisted::default();
        }
        let (began, began_cpu) = (Instant::now(), thread_time());
        let Some(mut marker) = Marker::enter(self) else {
            return Assisted::default();
        };
        // What is done beyond the line is credit; short assists would not pay for their beginning and end.
        let mut is_drained = false;
        while !is_drained && began.elapsed() < LONGEST {
            is_drained = self.mark_some(world, &mut marker, STEP_WORDS);
        }
        marker.finish();
        line.come_back_at(if is_drained {
            heap_bytes.saturating_add(IDLE_STEP_BYTES)
        } else {
            runway.covered_bytes(self.pool.marked_bytes.load(Relaxed))
        });
        // By the clock it may be longer: the system may have given the processor to somebody else.
        let elapsed_ns = thread_time().saturating_sub(began_cpu).as_nanos() as u64;
        self.counters.assist_ns.fetch_add(elapsed_ns, Relaxed);
        line.longest_ns.fetch_max(elapsed_ns, Relaxed);
        line.count.fetch_add(1, Relaxed);
        if is_drained && self.pool.state() == PoolState::Drained {
            return Assisted::with_report(self.try_finish(world));
        }
        Assisted {
            should_repeat: !is_drained && heap_bytes > runway.far_out_bytes(),
            report: None,
        }
    }

    /// Whether the heap is beyond its goal, and nobody but a thread that works at the moment, or would if the system let it, can
    /// do anything about that: who goes on to allocate should give it time.
    pub fn is_held_up(&self) -> bool {
        let goal_bytes = self.goal_bytes.load(Relaxed);
        if self.live_bytes() <= goal_bytes.saturating_add(goal_bytes / 32) {
            return false;
        }
        if self.is_marking() {
            self.pool.state() == PoolState::Active
        } else {
            self.should_collect() && self.has_background_sweepers()
        }
    }
}

/// What came of an assist.
#[derive(Debug, Default)]
pub struct Assisted {
    /// What the cycle did that it ended.
    pub report: Option<CycleReport>,
    /// The heap is far beyond its goal: the mutator should come again before it allocates, if it can be stopped in between.
    pub should_repeat: bool,
}

impl Assisted {
    fn with_report(report: Option<CycleReport>) -> Self {
        Self {
            report,
            ..Self::default()
        }
    }
}
