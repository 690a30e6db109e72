//! `Cache`: the free slots of one Processor, taken without a lock.
//!
//! Its head is read and written by compiled code (see [`crate::layout`]); the rest only by the heap. A cache belongs to
//! whoever runs its Processor; the collector touches it only while the world is stopped.
//!
//! What must hold (I1): no slot is free in two caches. A cache owns the page of a cell as long as the cell has one: nobody
//! else hands out, sweeps or frees that page.

use std::mem::offset_of;
use std::ptr::null_mut;

use crate::layout::{
    AllocationCell, CACHE_CELLS_OFFSET, CACHE_PHASE_OFFSET, LayoutId, MAX_LAYOUTS, Pattern,
};
use crate::phase::Phase;

/// One Processor's free slots, by layout. About 20 KiB; it may be moved while no compiled code uses it.
#[repr(C)]
pub struct Cache {
    /// [`Phase`]: written while the world is stopped, read by compiled code before it stores a pointer.
    phase: u8,
    _padding: [u8; CACHE_CELLS_OFFSET - 1],
    /// What compiled code allocates from, indexed by layout.
    pub(crate) cells: [AllocationCell; MAX_LAYOUTS],
    /// Where each cell's slots come from.
    pub(crate) sources: [CellSource; MAX_LAYOUTS],
    /// Cells that were ever refilled, so that a flush need not look at all.
    pub(crate) used_cells: Vec<LayoutId>,
    /// Layouts lately asked for at run time; saves the lock of the table.
    pub(crate) memo: Vec<Option<(usize, Pattern, LayoutId)>>,
    /// Handed to cells since the last flush, whether or not taken yet.
    pub(crate) handed_objects: u64,
    /// As above, in bytes of slots.
    pub(crate) handed_bytes: u64,
}

/// Where the slots of a cell come from.
#[derive(Clone, Copy, Default)]
pub(crate) struct CellSource {
    /// Free slots of the current group that stress mode held back.
    pub(crate) withheld: u64,
    /// First page of the span; 0 when there is none, because page 0 is never cut.
    pub(crate) page: u32,
    /// Bytes of a slot; 0 until the first refill.
    pub(crate) slot_size_bytes: u32,
    /// Which 64 slots of the span the cell stands for.
    pub(crate) group: u8,
}

const _: () = {
    assert!(offset_of!(Cache, phase) == CACHE_PHASE_OFFSET);
    assert!(offset_of!(Cache, cells) == CACHE_CELLS_OFFSET);
};

// SAFETY: the base addresses point into the heap, which outlives its caches; a cache is used by one thread at a time.
unsafe impl Send for Cache {}

impl Default for Cache {
    fn default() -> Self {
        Self::new()
    }
}

impl Cache {
    /// A cache without any slot. It belongs to the heap it is first used with, and must not be used with another.
    pub fn new() -> Self {
        Self {
            phase: Phase::Idle as u8,
            _padding: [0; CACHE_CELLS_OFFSET - 1],
            cells: [const {
                AllocationCell {
                    free: 0,
                    base: null_mut(),
                }
            }; MAX_LAYOUTS],
            sources: [CellSource::default(); MAX_LAYOUTS],
            used_cells: Vec::new(),
            memo: Vec::new(),
            handed_objects: 0,
            handed_bytes: 0,
        }
    }

    /// The phase that compiled code sees.
    pub fn phase(&self) -> Phase {
        if self.phase == Phase::Idle as u8 {
            Phase::Idle
        } else {
            Phase::Mark
        }
    }

    /// Sets the phase; only while the world is stopped.
    pub(crate) fn set_phase(&mut self, phase: Phase) {
        self.phase = phase as u8;
    }
}
