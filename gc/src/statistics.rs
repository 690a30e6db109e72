//! The figures of `runtime.MemStats` that the heap knows.

use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use crate::arena::Arena;
use crate::heap::Heap;
use crate::layout::PAGE_SIZE_BYTES;
use crate::roots::World;
use crate::size_class::SizeClass;
use crate::sync::{LockRank, RankedMutex};

/// How many recent pauses are kept, as in Go.
pub const RECENT_PAUSES: usize = 256;

/// How long stops of the world took.
#[derive(Clone, Debug)]
pub struct PauseHistogram {
    /// By class: four for each power of two, of nanoseconds.
    counts: [u64; PAUSE_CLASSES],
    /// The longest.
    max: Duration,
}

const PAUSE_CLASSES: usize = 256;

/// The class of a pause of `ns`: the exponent, and the two bits behind the leading one.
fn pause_class(ns: u64) -> usize {
    let ns = ns.max(4);
    let exponent = ns.ilog2() as usize;
    exponent * 4 + (ns >> (exponent - 2) & 3) as usize
}

/// The least duration that is above all of the class.
fn pause_bound(class: usize) -> Duration {
    let (exponent, quarter) = (class / 4, class as u64 % 4);
    Duration::from_nanos((5 + quarter) << exponent >> 2)
}

impl Default for PauseHistogram {
    fn default() -> Self {
        Self {
            counts: [0; PAUSE_CLASSES],
            max: Duration::ZERO,
        }
    }
}

impl PauseHistogram {
    /// Counts one more.
    pub fn add(&mut self, pause: Duration) {
        self.counts[pause_class(pause.as_nanos() as u64)] += 1;
        self.max = self.max.max(pause);
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.max
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// A duration that the share `quantile` of all stops is below, at most a quarter too long; zero when there were none.
    pub fn quantile(&self, quantile: f64) -> Duration {
        let wanted = (self.count() as f64 * quantile).ceil() as u64;
        let mut seen = 0;
        self.classes()
            .find(|&(_, count)| {
                seen += count;
                seen >= wanted
            })
            .map_or(Duration::ZERO, |(bound, _)| bound)
    }

    /// For each class that any stop fell into: the upper bound, and how many did.
    pub fn classes(&self) -> impl Iterator<Item = (Duration, u64)> {
        self.counts
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(class, &count)| (pause_bound(class), count))
    }
}

/// Allocations of one size class.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct ClassStatistics {
    /// The largest object that belongs to it.
    pub size_bytes: u64,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects freed by sweeping.
    pub frees: u64,
}

/// The processor time that a program could have used so far, whose share the collector's is stated as.
pub(crate) struct AvailableTime {
    inner: RankedMutex<Available>,
}

struct Available {
    until: Instant,
    /// Processors times nanoseconds, up to then.
    sum_ns: u64,
    processors: u32,
}

impl AvailableTime {
    pub(crate) fn new() -> Self {
        Self {
            inner: RankedMutex::new(
                LockRank::AVAILABLE_TIME,
                Available {
                    until: Instant::now(),
                    sum_ns: 0,
                    processors: 1,
                },
            ),
        }
    }

    /// Nanoseconds so far, of all processors together; and how many there are now.
    pub(crate) fn sum_ns(&self) -> (u64, u32) {
        let mut available = self.inner.lock();
        available.advance();
        (available.sum_ns, available.processors)
    }

    /// The share of `busy`, 0 to 1.
    pub(crate) fn fraction_of(&self, busy: Duration) -> f64 {
        let mut available = self.inner.lock();
        available.advance();
        (busy.as_nanos() as f64 / available.sum_ns.max(1) as f64).min(1.0)
    }
}

impl Available {
    fn advance(&mut self) {
        let now = Instant::now();
        let elapsed_ns = now.duration_since(self.until).as_nanos() as u64;
        self.sum_ns += elapsed_ns * u64::from(self.processors);
        self.until = now;
    }
}

impl Heap {
    /// Says how many processors the program may use from now on (GOMAXPROCS): what the collector's share is of.
    pub fn set_processors(&self, processors: u32) {
        let mut available = self.available.inner.lock();
        available.advance();
        available.processors = processors;
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
    /// Bytes of the tables of marks and objects.
    pub gc_sys_bytes: u64,
    /// Bytes of the descriptions of pages in spans.
    pub span_inuse_bytes: u64,
    /// Bytes of the descriptions of all pages.
    pub span_sys_bytes: u64,
    /// Bytes of caches.
    pub cache_bytes: u64,
    /// By size class: allocations and frees.
    pub classes: Vec<ClassStatistics>,
    /// Assists of mutators that marked something.
    pub assists: u64,
    /// The longest of them.
    pub longest_assist: Duration,
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
    /// Cycles that looked at young objects only.
    pub num_young_gc: u32,
    /// Share of the processors' time since the start that went into collecting, 0 to 1.
    pub gc_cpu_fraction: f64,
    /// Of all stops of the world for collecting.
    pub pauses: PauseHistogram,
    /// Of the same, without the time in which the system let another program or thread have the processor.
    pub own_pauses: PauseHistogram,
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
            span_inuse_bytes: 0,
            span_sys_bytes: 0,
            cache_bytes: 0,
            classes: Vec::new(),
            assists: 0,
            longest_assist: Duration::ZERO,
            next_gc_bytes: 0,
            last_gc_unix_ns: 0,
            pause_total_ns: 0,
            pause_ns: [0; RECENT_PAUSES],
            pause_end_unix_ns: [0; RECENT_PAUSES],
            num_gc: 0,
            num_forced_gc: 0,
            num_young_gc: 0,
            gc_cpu_fraction: 0.0,
            pauses: PauseHistogram::default(),
            own_pauses: PauseHistogram::default(),
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
        let statistics = self.statistics_of_stopped(world);
        world.start();
        statistics
    }

    /// As [`Self::statistics`], of a world that is stopped already.
    pub fn statistics_of_stopped(&self, world: &mut dyn World) -> Statistics {
        let state = self.cycle_state.lock();
        let (mut mallocs, mut total_alloc_bytes) = (
            self.counters.allocated_objects.load(Relaxed),
            self.counters.allocated_bytes.load(Relaxed),
        );
        let mut cache_bytes = 0;
        let mut classes: Vec<ClassStatistics> = SizeClass::all()
            .map(|class| {
                let counters = &self.counters.classes[class.index()];
                ClassStatistics {
                    size_bytes: class.slot_size_bytes() as u64,
                    mallocs: counters.allocated.load(Relaxed),
                    frees: counters.freed.load(Relaxed),
                }
            })
            .collect();
        world.visit_caches(&mut |cache| {
            let (objects, bytes) = cache.taken();
            mallocs += objects;
            total_alloc_bytes += bytes;
            cache_bytes += size_of_val(cache) as u64;
            for (slot_size_bytes, objects) in cache.taken_by_layout() {
                if let Some(class) = SizeClass::for_size(slot_size_bytes as usize) {
                    classes[class.index()].mallocs += objects;
                }
            }
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
            gc_sys_bytes: Arena::bit_table_bytes(pages.committed) as u64,
            span_inuse_bytes: Arena::span_table_bytes(pages.committed - pages.free) as u64,
            span_sys_bytes: Arena::span_table_bytes(pages.committed) as u64,
            cache_bytes,
            classes,
            assists: self.assist_line.count.load(Relaxed),
            longest_assist: Duration::from_nanos(self.assist_line.longest_ns.load(Relaxed)),
            next_gc_bytes: self.goal_bytes.load(Relaxed),
            last_gc_unix_ns: state.last_end_unix_ns,
            pause_total_ns: state.pause_total_ns,
            pause_ns: state.pause_ns,
            pause_end_unix_ns: state.pause_end_unix_ns,
            num_gc: state.completed,
            num_forced_gc: state.forced,
            num_young_gc: state.young,
            gc_cpu_fraction: self.available.fraction_of(state.busy),
            pauses: state.pauses.clone(),
            own_pauses: state.own_pauses.clone(),
            gc_cpu: state.busy,
            assist: state.assist,
            shared_pages: self.counters.shared_pages.load(Relaxed),
        };
        drop(state);
        statistics
    }
}
