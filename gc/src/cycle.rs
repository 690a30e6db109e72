//! The books of collecting: what one cycle measures on its way, and what is remembered from cycle to cycle.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::cpu_limiter::CpuLimiter;
use crate::pacer::Pacer;
use crate::roots::{StopTimes, World};
use crate::statistics::{PauseHistogram, RECENT_PAUSES};
use crate::system::thread_time;

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
    pub(crate) young: u32,
    /// What the last marking found, for the pacer.
    pub(crate) found: Pacer,
    pub(crate) last_end_unix_ns: u64,
    pub(crate) pause_total_ns: u64,
    pub(crate) pause_ns: [u64; RECENT_PAUSES],
    pub(crate) pause_end_unix_ns: [u64; RECENT_PAUSES],
    /// Of all stops, two or more a cycle.
    pub(crate) pauses: PauseHistogram,
    /// Of the same, but for the time in which the system had threads that a stop depends on wait for a processor.
    pub(crate) own_pauses: PauseHistogram,
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
            young: 0,
            found: Pacer::default(),
            last_end_unix_ns: 0,
            pause_total_ns: 0,
            pause_ns: [0; RECENT_PAUSES],
            pause_end_unix_ns: [0; RECENT_PAUSES],
            pauses: PauseHistogram::default(),
            own_pauses: PauseHistogram::default(),
            busy: Duration::ZERO,
            assist: Duration::ZERO,
            limiter: CpuLimiter::default(),
            available_ns: 0,
        }
    }
}

impl CycleState {
    /// Notes that a cycle ended which found `found`.
    pub(crate) fn finish(&mut self, progress: &Progress, found: Pacer) {
        let now_unix = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos() as u64;
        let pause_ns = progress.paused.as_nanos() as u64;
        let position = self.completed as usize % RECENT_PAUSES;
        self.completed += 1;
        self.forced += u32::from(progress.reason == CollectReason::Forced);
        self.young += u32::from(progress.is_young);
        self.found = found;
        self.last_end_unix_ns = now_unix;
        self.pause_total_ns += pause_ns;
        self.pause_ns[position] = pause_ns;
        self.pause_end_unix_ns[position] = now_unix;
        for &stop in &progress.stops {
            self.pauses.add(stop.whole);
            self.own_pauses.add(stop.whole.saturating_sub(stop.lost));
        }
    }
}

/// What a cycle measures on its way.
pub(crate) struct Progress {
    pub(crate) reason: CollectReason,
    /// Whether it looks at young objects only.
    pub(crate) is_young: bool,
    pub(crate) began: Instant,
    /// When marking began, after the first stop.
    pub(crate) mark_began: Instant,
    pub(crate) mark: Duration,
    pub(crate) heap_before_bytes: u64,
    pub(crate) goal_before_bytes: u64,
    /// Bytes ever allocated when it began.
    pub(crate) allocated_before_bytes: u64,
    pub(crate) first_stop: Stop,
    pub(crate) last_stop: Stop,
    /// The stops so far, and their sum. What the program asks for may have one before the first.
    pub(crate) stops: Vec<Stop>,
    pub(crate) paused: Duration,
    /// Processors that allocated since the last cycle.
    pub(crate) mutators: u64,
}

/// One stop of the world.
#[derive(Clone, Copy, Default)]
pub(crate) struct Stop {
    /// From asking until all stood.
    pub(crate) wait: Duration,
    /// From asking until all were told to run: when this thread runs again is another matter.
    pub(crate) whole: Duration,
    /// Of that, what was lost because the system did not run a thread that was ready.
    pub(crate) lost: Duration,
}

/// A stop that is under way.
pub(crate) struct Stopped {
    pub(crate) times: StopTimes,
    wait: Duration,
    /// Processor time of this thread before it asked.
    asked_cpu: Duration,
}

impl Stopped {
    /// Stops the world.
    pub(crate) fn stop(world: &mut (impl World + ?Sized)) -> Self {
        let asked_cpu = thread_time();
        let times = world.stop();
        Self {
            wait: times.asked.elapsed(),
            times,
            asked_cpu,
        }
    }

    /// How long all have stood.
    pub(crate) fn stood(&self) -> Duration {
        self.times.asked.elapsed().saturating_sub(self.wait)
    }
}

impl Progress {
    /// A cycle that begins now.
    pub(crate) fn begin(reason: CollectReason, goal_bytes: u64) -> Self {
        let now = Instant::now();
        Self {
            reason,
            is_young: false,
            began: now,
            mark_began: now,
            mark: Duration::ZERO,
            heap_before_bytes: 0,
            goal_before_bytes: goal_bytes,
            allocated_before_bytes: 0,
            first_stop: Stop::default(),
            last_stop: Stop::default(),
            stops: Vec::with_capacity(4),
            paused: Duration::ZERO,
            mutators: 0,
        }
    }

    /// Notes a stop that is about to end.
    pub(crate) fn note_stop(&mut self, stopped: &Stopped) {
        let whole = stopped.times.asked.elapsed();
        let after = stopped.times.last_arrival.elapsed();
        // It may have looked for arrivals before the last one.
        let ran = thread_time().saturating_sub(stopped.asked_cpu);
        self.last_stop = Stop {
            wait: stopped.wait,
            whole,
            lost: stopped.times.lost + after.saturating_sub(ran),
        };
        self.paused += whole;
        self.stops.push(self.last_stop);
    }
}
