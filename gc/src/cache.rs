//! `Cache`: the free slots of one Processor, taken without a lock.
//!
//! Its head is read and written by compiled code (see [`crate::layout`]); the rest only by the heap. A cache belongs to
//! whoever runs its Processor; the collector touches it only while the world is stopped.
//!
//! What must hold (I1): no slot is free in two caches. A cache owns the span of a cell as long as the cell has one: nobody
//! else hands out, sweeps or frees its slots. Everything that acts on allocation (pacing, stress) acts at the refill, by
//! handing out fewer bits: the inline sequence stays the same.

use std::mem::offset_of;
use std::ptr::null_mut;
use std::sync::atomic::Ordering::{Relaxed, Release};

use crate::arena::Arena;
use crate::barrier::BarrierLog;
use crate::heap::{AllocationError, Heap};
use crate::layout::{
    AllocationCell, CACHE_CELLS_OFFSET, CACHE_LOG_OFFSET, CACHE_PHASE_OFFSET, LayoutId, MAX_LAYOUTS,
};
use crate::layout_memo::LayoutMemo;
use crate::options::Options;
use crate::phase::Phase;
use crate::span::{self, group_mask};

/// One Processor's free slots, by layout. About 20 KiB; it may be moved while no compiled code uses it.
#[repr(C)]
pub struct Cache {
    /// [`Phase`]: written while the world is stopped, read by compiled code before it stores a pointer.
    phase: u8,
    _padding: [u8; CACHE_CELLS_OFFSET - 1],
    /// What compiled code allocates from, indexed by layout.
    pub(crate) cells: [AllocationCell; MAX_LAYOUTS],
    /// What stores erased while marking, not yet told to the markers.
    pub(crate) log: BarrierLog,
    /// Where each cell's slots come from.
    pub(crate) sources: [CellSource; MAX_LAYOUTS],
    /// Cells refilled since the last flush, so that a flush need not look at all.
    pub(crate) used_cells: Vec<LayoutId>,
    /// Layouts lately asked for at run time.
    pub(crate) memo: LayoutMemo,
    /// Slots handed to cells since the last flush, whether or not taken yet.
    pub(crate) handed_objects: u64,
    /// As above, in bytes.
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
    pub(crate) group: u16,
    /// Slots of the span.
    pub(crate) slot_count: u16,
    /// Slots handed to the cell since the last flush, whether or not taken yet.
    pub(crate) handed: u64,
}

const _: () = {
    assert!(offset_of!(Cache, phase) == CACHE_PHASE_OFFSET);
    assert!(offset_of!(Cache, cells) == CACHE_CELLS_OFFSET);
    assert!(offset_of!(Cache, log) == CACHE_LOG_OFFSET);
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
            log: BarrierLog::new(),
            sources: [CellSource::default(); MAX_LAYOUTS],
            used_cells: Vec::new(),
            memo: LayoutMemo::default(),
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

    /// Marking is over, and the log was handed over; only while the world is stopped.
    pub(crate) fn end_marking(&mut self) {
        self.phase = Phase::Idle as u8;
        self.log.end_marking();
    }

    /// From here on, until the next flush, all that is handed out is black (I4): also what waits in cells already.
    pub(crate) fn begin_marking(&mut self, arena: &Arena, options: &Options) {
        self.phase = Phase::Mark as u8;
        self.log.begin_marking(options);
        for layout in &self.used_cells {
            let (cell, source) = (&self.cells[layout.index()], &self.sources[layout.index()]);
            let free = cell.free | source.withheld;
            span::blacken(arena, source.page as usize, source.group.into(), free);
        }
    }

    /// Takes a slot of `layout`, refilling its cell if need be. The slot holds whatever was there.
    #[inline]
    pub(crate) fn take(
        &mut self,
        heap: &Heap,
        layout: LayoutId,
    ) -> Result<*mut u8, AllocationError> {
        if self.cells[layout.index()].free == 0 {
            self.refill(heap, layout)?;
        }
        let cell = &mut self.cells[layout.index()];
        let index = cell.free.trailing_zeros() as usize;
        cell.free &= cell.free - 1;
        // In bounds of the group; wrapping only spares an unsafe block that would have nothing to argue.
        Ok(cell
            .base
            .wrapping_add(index * self.sources[layout.index()].slot_size_bytes as usize))
    }

    /// The first page of the span that [`Self::take`] took from last for `layout`.
    pub(crate) fn page_of(&self, layout: LayoutId) -> usize {
        self.sources[layout.index()].page as usize
    }

    /// Which slot of which span (first page, index) [`Self::take`] returned last for `layout` as `slot`.
    pub(crate) fn position_of(&self, layout: LayoutId, slot: *mut u8) -> (usize, usize) {
        let source = &self.sources[layout.index()];
        let offset = slot.addr() - self.cells[layout.index()].base.addr();
        (
            self.page_of(layout),
            usize::from(source.group) * 64 + offset / source.slot_size_bytes as usize,
        )
    }

    /// Puts free bits into an empty cell: held back ones, the next group of the span, or a new span's first.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, heap: &Heap, layout: LayoutId) -> Result<(), AllocationError> {
        let index = layout.index();
        assert_eq!(self.cells[index].free, 0);
        if self.sources[index].withheld == 0 && !self.next_group(&heap.arena, index) {
            if self.sources[index].slot_size_bytes == 0 {
                self.sources[index].slot_size_bytes = heap.slot_size_bytes(layout) as u32;
            }
            if self.sources[index].page == 0 {
                self.used_cells.push(layout);
            }
            self.sources[index].page = 0;
            let page = heap.acquire_span(layout).inspect_err(|_| {
                self.used_cells.retain(|&used| used != layout);
            })?;
            let source = &mut self.sources[index];
            source.page = page as u32;
            source.slot_count = heap.arena.info(page).slot_count.load(Relaxed);
            source.group = u16::MAX;
            assert!(
                self.next_group(&heap.arena, index),
                "an acquired span has dead slots"
            );
        }
        let bits = std::mem::take(&mut self.sources[index].withheld);
        let handed = heap.limit_refill(bits);
        self.sources[index].withheld = bits & !handed;
        self.cells[index].free = handed;
        let (objects, slot_size) = (
            u64::from(handed.count_ones()),
            u64::from(self.sources[index].slot_size_bytes),
        );
        self.sources[index].handed += objects;
        self.handed_objects += objects;
        self.handed_bytes += objects * slot_size;
        heap.note_allocated(objects, objects * slot_size);
        Ok(())
    }

    /// Reserves the dead slots of the next group of the span that has any, as withheld bits.
    fn next_group(&mut self, arena: &Arena, index: usize) -> bool {
        let source = &mut self.sources[index];
        if source.page == 0 {
            return false;
        }
        let (page, slot_count) = (source.page as usize, usize::from(source.slot_count));
        let allocs = arena.allocs(page);
        let mut group = usize::from(source.group.wrapping_add(1));
        while group * 64 < slot_count {
            let allocated = allocs[group].load(Relaxed);
            let mask = group_mask(slot_count, group);
            if allocated != mask {
                if self.phase == Phase::Mark as u8 {
                    // I4, and before the slots count as objects: a marker must not find one that is not black.
                    span::blacken(arena, page, group, mask & !allocated);
                }
                allocs[group].store(mask, Release);
                source.withheld = mask & !allocated;
                source.group = group as u16;
                let base = arena.page_address(page) + group * 64 * source.slot_size_bytes as usize;
                self.cells[index].base = arena.pointer(base);
                return true;
            }
            group += 1;
        }
        // All groups were looked at: do not look again.
        source.group = (slot_count.div_ceil(64) - 1) as u16;
        false
    }

    /// Gives every slot not taken back to its span, and lets go of all spans. With the world stopped, or for a Processor
    /// that goes away.
    pub(crate) fn flush(&mut self, heap: &Heap) {
        let (mut unused_objects, mut unused_bytes) = (0, 0);
        while let Some(layout) = self.used_cells.pop() {
            let (cell, source) = (
                &mut self.cells[layout.index()],
                &mut self.sources[layout.index()],
            );
            let objects = u64::from(cell.free.count_ones());
            unused_objects += objects;
            unused_bytes += objects * u64::from(source.slot_size_bytes);
            let unused = std::mem::take(&mut cell.free) | std::mem::take(&mut source.withheld);
            let word = &heap.arena.allocs(source.page as usize)[usize::from(source.group)];
            let allocated = word.load(Relaxed);
            assert_eq!(
                unused & !allocated,
                0,
                "a free slot is reserved for its cache"
            );
            word.store(allocated & !unused, Relaxed);
            if self.phase == Phase::Mark as u8 {
                heap.arena.marks(source.page as usize)[usize::from(source.group)]
                    .fetch_and(!unused, Relaxed);
            }
            source.page = 0;
            heap.note_class(
                source.slot_size_bytes,
                std::mem::take(&mut source.handed) - objects,
            );
        }
        heap.note_flushed(
            self.handed_objects - unused_objects,
            self.handed_bytes - unused_bytes,
        );
        heap.note_unused(unused_bytes);
        self.handed_objects = 0;
        self.handed_bytes = 0;
    }

    /// Objects of each layout taken since the last flush: their size, and how many.
    pub(crate) fn taken_by_layout(&self) -> impl Iterator<Item = (u32, u64)> {
        self.used_cells.iter().map(|layout| {
            let source = &self.sources[layout.index()];
            let unused = u64::from(self.cells[layout.index()].free.count_ones());
            (source.slot_size_bytes, source.handed - unused)
        })
    }

    /// Objects and bytes taken since the last flush.
    pub(crate) fn taken(&self) -> (u64, u64) {
        let (mut objects, mut bytes) = (self.handed_objects, self.handed_bytes);
        for layout in &self.used_cells {
            let unused = u64::from(self.cells[layout.index()].free.count_ones());
            objects -= unused;
            bytes -= unused * u64::from(self.sources[layout.index()].slot_size_bytes);
        }
        (objects, bytes)
    }
}
