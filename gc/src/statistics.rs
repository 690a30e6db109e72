//! The figures of `runtime.MemStats` that the heap knows.

/// How many recent pauses are kept, as in Go.
pub const RECENT_PAUSES: usize = 256;

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
            shared_pages: 0,
        }
    }
}
