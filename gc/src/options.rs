//! What a heap can be asked to do differently. The runtime fills this from its one table of knobs.

use crate::generation::Young;

/// How a heap behaves. The default is what programs run with.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent knobs, each with a name of its own"
)]
pub struct Options {
    /// Growth in percent of what is live before the next collection (Go's GOGC); `None` never collects by itself.
    pub gogc: Option<u32>,
    /// `gcstress=N`: ask for a collection after every N allocations; 0 is off.
    pub stress_every: u32,
    /// `gcverify=1`: check the whole heap before and after each cycle and abort on a violation.
    pub verify: bool,
    /// `gcpoison=1`: overwrite freed slots, and abort when a pointer out of one turns up.
    pub poison: bool,
    /// `gctrace=1`: tell the runtime to print [`CycleReport::trace_line`](crate::CycleReport::trace_line).
    pub trace: bool,
    /// `gcnever=1`: do not collect at all, even when told to. A test that then still passes does not test collection.
    pub never_collect: bool,
    /// `gcstop=1`: mark with the world stopped. Whoever collects does it, in [`Heap::collect`](crate::Heap::collect).
    pub stop_world: bool,
    /// `gccheck=1`: mark again after marking, with the world stopped, and abort when that reaches more.
    pub check_marks: bool,
    /// `gcjitter=seed`: random delays at hand-overs, and short logs; 0 is off.
    pub jitter: u64,
    /// `gcnobarrier=1`: no write barrier. Tests of concurrent marking must fail.
    pub no_barrier: bool,
    /// Which cycles look at young objects only.
    pub young: Young,
    /// `gcnocards=1`: young cycles do not look at cards. Tests of them must fail.
    pub no_cards: bool,
    /// GOMEMLIMIT: bytes of memory the heap should not exceed; [`NO_LIMIT`](crate::NO_LIMIT) is none.
    pub limit_bytes: u64,
    /// Bytes of address space to reserve; halved until the system grants it.
    pub reservation_bytes: usize,
    /// Called once, when the heap grows beyond its first MiB: this is no short program, so it pays to give back to the system
    /// what is not needed. It must not allocate from the heap.
    pub outgrown: Option<fn()>,
    /// Called once, when the heap has grown large: calls [`Heap::set_system_limit_bytes`](crate::Heap::set_system_limit_bytes) if
    /// there is a limit. Small programs do without knowing it.
    pub find_system_limit: Option<fn(&crate::Heap)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gogc: Some(100),
            stress_every: 0,
            verify: false,
            poison: false,
            trace: false,
            never_collect: false,
            stop_world: false,
            check_marks: false,
            jitter: 0,
            no_barrier: false,
            young: Young::Paced,
            no_cards: false,
            limit_bytes: crate::NO_LIMIT,
            reservation_bytes: DEFAULT_RESERVATION_BYTES,
            outgrown: None,
            find_system_limit: None,
        }
    }
}

/// Address space asked for by default. It costs nothing until used; above it a program on our machines would swap.
pub const DEFAULT_RESERVATION_BYTES: usize = 64 << 30;
