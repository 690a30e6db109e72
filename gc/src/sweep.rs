//! Sweeping: makes the marks of the last cycle the new alloc bits, span by span, when somebody needs the slots.
//!
//! Nothing is swept in a stop. A refill sweeps spans of its own layout; a request for fresh pages pays by sweeping some of
//! any layout first; what nobody asked for is swept in the background, or by whoever wants to begin the next cycle.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use crate::heap::Heap;
use crate::layout::{LayoutId, PAGE_SIZE_BYTES};
use crate::pacer::Pacer;
use crate::size_class::{MAX_MEDIUM_SIZE_BYTES, SizeClass};
use crate::span::{self, PageDescriptor, PageKind, Swept};

impl Heap {
    /// Sweeps all that the last cycle left, as Go's `runtime.GC` does before it returns.
    pub fn finish_sweep(&self) {
        for central in 0..self.sweep_limit.load(Relaxed) {
            while self.sweep_one_of(central).is_some() {}
        }
        self.sweep_large();
    }

    /// Sweeps what the last cycle left, until the next one begins. For a thread that is not part of the world: nobody waits for
    /// it when the world stops.
    pub(crate) fn sweep_in_background(&self) {
        self.background_sweepers.fetch_add(1, SeqCst);
        // Who begins a cycle says so first, and then looks for sweepers.
        self.decide_specials(|| self.is_collecting());
        while !self.is_collecting() && !self.sweep_some(1) {}
        self.background_sweepers.fetch_sub(1, SeqCst);
    }

    /// Whether threads outside the world sweep. Once a cycle was claimed, each of them stops after a span.
    pub(crate) fn has_background_sweepers(&self) -> bool {
        self.background_sweepers.load(SeqCst) != 0
    }

    /// Gives memory of free pages back to the system, but for what the way to the next goal will need, or what the heap just
    /// needed: a program that drops and makes large objects would otherwise fault the same pages in at every cycle.
    ///
    /// A heap needs more pages than its objects fill: what it needed on the way to the last goal says how many more.
    pub(crate) fn release_idle_pages(&self) {
        let goal_bytes = self.goal_bytes.load(Relaxed);
        let last_goal_bytes = self.last_goal_bytes.swap(goal_bytes, Relaxed);
        let (counts, peak_pages) = {
            let mut pages = self.pages.lock();
            (pages.counts(), pages.take_peak())
        };
        let peak_bytes = (peak_pages * PAGE_SIZE_BYTES) as u64;
        let wanted_bytes = Pacer::expected_bytes(peak_bytes, last_goal_bytes, goal_bytes)
            .max(self.counters.heap_live_bytes.load(Relaxed));
        let in_use_bytes = (counts.committed - counts.free) * PAGE_SIZE_BYTES;
        let retained = Pacer::retained_bytes(wanted_bytes, in_use_bytes as u64);
        self.release_above(retained as usize / PAGE_SIZE_BYTES);
    }

    /// Gives memory of free pages back until at most `keep` of them are dirty. Nobody who wants pages waits for the system.
    fn release_above(&self, keep: usize) {
        let mut below = usize::MAX;
        loop {
            let taken = self.pages.lock().take_dirty(&self.arena, keep, below);
            let Some((start, length)) = taken else { return };
            let is_released = self.arena.release(start, length);
            self.pages
                .lock()
                .put_back(&self.arena, start, length, is_released);
            below = start;
        }
    }

    /// Gives the memory of all free pages back to the system (`debug.FreeOSMemory`), after sweeping for them.
    pub fn release_memory(&self) {
        self.finish_sweep();
        self.release_above(0);
    }

    /// Sweeps spans of any layout until about `page_count` pages became free or twice as many were looked at; for more than
    /// small spans need, large ones first.
    ///
    /// Growth pays for itself: a program cannot take fresh pages faster than the dead ones are found.
    pub(crate) fn reclaim(&self, page_count: usize) {
        let mut budget = page_count
            .saturating_mul(2)
            .saturating_add(MIN_RECLAIM_SPANS);
        let mut freed_pages = 0;
        let mut is_large_wanted = page_count > MAX_MEDIUM_SIZE_BYTES / PAGE_SIZE_BYTES;
        while budget > 0 && freed_pages < page_count {
            budget -= 1;
            if is_large_wanted {
                match self.sweep_one_large() {
                    Some(freed) => freed_pages += freed,
                    None => is_large_wanted = false,
                }
            } else {
                match self.sweep_next() {
                    Some(freed) => freed_pages += freed,
                    None => return,
                }
            }
        }
    }

    /// Sweeps up to `budget` spans; whether all are swept now.
    pub(crate) fn sweep_some(&self, budget: usize) -> bool {
        (0..budget).any(|_| self.sweep_next().is_none())
    }

    /// Sweeps a span, large ones last; how many pages that freed, or `None` when all are swept.
    fn sweep_next(&self) -> Option<usize> {
        loop {
            let central = self.reclaim_position.load(Relaxed);
            if let Some(freed) = self.sweep_one_of(central) {
                return Some(freed);
            }
            if central + 1 >= self.sweep_limit.load(Relaxed) {
                return self.sweep_one_large();
            }
            // Two at once may both step: to the same layout.
            self.reclaim_position.store(central + 1, Relaxed);
        }
    }

    /// Sweeps one span of the layout; how many pages that freed, or `None` when all are swept.
    fn sweep_one_of(&self, central: usize) -> Option<usize> {
        let page = self.centrals[central].claim_unswept(self.cycle.load(Relaxed))?;
        let swept = self.sweep_span(page);
        if swept.live == 0 {
            return Some(self.free_span(page));
        }
        self.centrals[central].put_swept(page, swept, self.cycle.load(Relaxed));
        Some(0)
    }

    /// Sweeps until a span of `layout` with dead slots turns up, which then belongs to the caller; but not more than
    /// [`MAX_SWEPT_FOR_ONE`]: of a large heap hardly anything of which dies, one allocation would sweep all.
    pub(crate) fn sweep_for(&self, layout: LayoutId) -> Option<usize> {
        let central = &self.centrals[layout.index()];
        let cycle = self.cycle.load(Relaxed);
        for _ in 0..MAX_SWEPT_FOR_ONE {
            let page = central.claim_unswept(cycle)?;
            let swept = self.sweep_span(page);
            if swept.live < swept.slots {
                // Even if all of it is dead: it is the right layout, and so at hand.
                central.put_owned(page, cycle);
                return Some(page);
            }
            central.put_swept(page, swept, cycle);
        }
        None
    }

    /// Sweeps the large spans the last cycle left.
    pub(crate) fn sweep_large(&self) {
        while self.sweep_one_large().is_some() {}
    }

    /// Sweeps a large span; how many pages that freed, or `None` when all are swept.
    fn sweep_one_large(&self) -> Option<usize> {
        let page = self.large.lock().unswept.pop()?;
        if self.sweep_span(page).live == 0 {
            return Some(self.free_span(page));
        }
        self.large.lock().swept.push(page);
        Some(0)
    }

    fn sweep_span(&self, page: usize) -> Swept {
        self.decide_before_sweep(page);
        let swept = span::sweep(
            &self.arena,
            page,
            self.cycle.load(Relaxed),
            span::SweepMode {
                keeps_marks: self.keeps_marks.load(Relaxed),
                poisons: self.options.poison,
            },
        );
        if swept.freed > 0 {
            let descriptor = PageDescriptor::of(&self.arena, page);
            let slot_bytes = match descriptor.kind() {
                PageKind::Large => self.arena.info(page).object_size_bytes.load(Relaxed),
                _ => descriptor.slot_size_bytes() as u64,
            };
            self.counters
                .freed_objects
                .fetch_add(swept.freed as u64, Relaxed);
            self.counters
                .freed_bytes
                .fetch_add(swept.freed as u64 * slot_bytes, Relaxed);
            if let (PageKind::Slots, Some(class)) =
                (descriptor.kind(), SizeClass::for_size(slot_bytes as usize))
            {
                self.counters.classes[class.index()]
                    .freed
                    .fetch_add(swept.freed as u64, Relaxed);
            }
        }
        swept
    }

    /// Returns a span without objects to the page heap; how many pages it had.
    fn free_span(&self, page: usize) -> usize {
        let page_count = span::end(&self.arena, page);
        self.pages.lock().free(page, page_count);
        page_count
    }
}

/// Spans looked at, at most, for a span of one's own: some 20 us.
const MAX_SWEPT_FOR_ONE: usize = 100;

/// Spans looked at, at least, before the heap grows; so that small requests find dead pages too.
const MIN_RECLAIM_SPANS: usize = 16;
