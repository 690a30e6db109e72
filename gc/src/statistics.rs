//! The figures of `runtime.MemStats` that the heap knows.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use crate::arena::Arena;
use crate::heap::Heap;
use crate::layout::PAGE_SIZE_BYTES;
use crate::roots::World;

/// How many recent pauses are kept, as in Go.
pub const RECENT_PAUSES: usize = 256;

/// How long stops of the world took.
#[derive(Clone, Debug)]
pub struct PauseHistogram {
    /// How many took less than 2^i nanoseconds, but not less than half of that.
    counts: [u64; 64],
    /// The longest.
    max: Duration,
}

impl Default for PauseHistogram {
    fn default() -> Self {
        Self {
            counts: [0; 64],
            max: Duration::ZERO,
        }
    }
}

impl PauseHistogram {
    pub(crate) fn add(&mut self, pause: Duration) {
        let bits = u64::BITS - (pause.as_nanos() as u64).leading_zeros();
        self.counts[bits.min(63) as usize] += 1;
        self.max = self.max.max(pause);
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.max
    }

    /// For each class that any stop fell into: the upper bound, and how many did.
    pub fn classes(&self) -> impl Iterator<Item = (Duration, u64)> {
        self.counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(bits, &count)| (Duration::from_nanos(1 << bits), count))
    }
}

/// The figures of `runtime.MemStats` that the heap knows, under Go's names. Bytes and nanoseconds.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Bytes of all objects ever allocated, rounded up to their slots.
    pub total_alloc_bytes: u64,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects freed by sweeping.
    pub frees: u64,
    /// Bytes of objects allocated and not yet swept away.
    pub heap_alloc_bytes: u64,
    /// Objects allocated and not yet swept away.
    pub heap_objects: u64,
    /// Bytes of address space made usable.
    pub heap_sys_bytes: u64,
    /// Bytes in pages that hold no span.
    pub heap_idle_bytes: u64,
    /// Bytes in pages of spans.
    pub heap_inuse_bytes: u64,
    /// Bytes of idle pages that the system does not back with memory.
    pub heap_released_bytes: u64,
    /// Bytes of the heap's own tables in use.
    pub gc_sys_bytes: u64,
    /// Heap size at which the next cycle begins.
    pub next_gc_bytes: u64,
    /// When the last cycle ended, in nanoseconds since 1970; 0 before the first.
    pub last_gc_unix_ns: u64,
    /// Time the world was stopped, in all.
    pub pause_total_ns: u64,
    /// The last pauses; that of cycle `n` is at `(n + 255) % 256`.
    pub pause_ns: [u64; RECENT_PAUSES],
    /// When they ended, in nanoseconds since 1970.
    pub pause_end_unix_ns: [u64; RECENT_PAUSES],
    /// Cycles completed.
    pub num_gc: u32,
    /// Cycles that the program asked for.
    pub num_forced_gc: u32,
    /// Share of the processors' time since the start that went into collecting, 0 to 1.
    pub gc_cpu_fraction: f64,
    /// Of all stops of the world for collecting.
    pub pauses: PauseHistogram,
    /// Processor time that went into collecting.
    pub gc_cpu: Duration,
    /// That part of it which mutators spent.
    pub assist: Duration,
    /// Pages whose slots have different layouts because cells ran out.
    pub shared_pages: u64,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            total_alloc_bytes: 0,
            mallocs: 0,
            frees: 0,
            heap_alloc_bytes: 0,
            heap_objects: 0,
            heap_sys_bytes: 0,
            heap_idle_bytes: 0,
            heap_inuse_bytes: 0,
            heap_released_bytes: 0,
            gc_sys_bytes: 0,
            next_gc_bytes: 0,
            last_gc_unix_ns: 0,
            pause_total_ns: 0,
            pause_ns: [0; RECENT_PAUSES],
            pause_end_unix_ns: [0; RECENT_PAUSES],
            num_gc: 0,
            num_forced_gc: 0,
            gc_cpu_fraction: 0.0,
            pauses: PauseHistogram::default(),
            gc_cpu: Duration::ZERO,
            assist: Duration::ZERO,
            shared_pages: 0,
        }
    }
}

impl Heap {
    /// Figures for `runtime.ReadMemStats`, exact. Stops the world and starts it again; of `world` only the caches are seen.
    pub fn statistics(&self, world: &mut dyn World) -> Statistics {
        world.stop();
        let state = self.cycle_state.lock();
        let (mut mallocs, mut total_alloc_bytes) = (
            self.counters.allocated_objects.load(Relaxed),
            self.counters.allocated_bytes.load(Relaxed),
        );
        world.visit_caches(&mut |cache| {
            let (objects, bytes) = cache.taken();
            mallocs += objects;
            total_alloc_bytes += bytes;
        });
        let frees = self.counters.freed_objects.load(Relaxed);
        let pages = self.pages.lock().counts();
        let statistics = Statistics {
            total_alloc_bytes,
            mallocs,
            frees,
            heap_alloc_bytes: total_alloc_bytes - self.counters.freed_bytes.load(Relaxed),
            heap_objects: mallocs - frees,
            heap_sys_bytes: (pages.committed * PAGE_SIZE_BYTES) as u64,
            heap_idle_bytes: (pages.free * PAGE_SIZE_BYTES) as u64,
            heap_inuse_bytes: ((pages.committed - pages.free) * PAGE_SIZE_BYTES) as u64,
            heap_released_bytes: ((pages.free - pages.free_dirty) * PAGE_SIZE_BYTES) as u64,
            gc_sys_bytes: Arena::table_bytes(pages.committed) as u64,
            next_gc_bytes: self.goal_bytes.load(Relaxed),
            last_gc_unix_ns: state.last_end_unix_ns,
            pause_total_ns: state.pause_total_ns,
            pause_ns: state.pause_ns,
            pause_end_unix_ns: state.pause_end_unix_ns,
            num_gc: state.completed,
            num_forced_gc: state.forced,
            gc_cpu_fraction: state.busy.as_secs_f64() / self.born.elapsed().as_secs_f64().max(1e-9),
            pauses: state.pauses.clone(),
            gc_cpu: state.busy,
            assist: state.assist,
            shared_pages: self.counters.shared_pages.load(Relaxed),
        };
        drop(state);
        world.start();
        statistics
    }
}
