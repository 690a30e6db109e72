//! `PageHeap`: runs of free pages, and growth of the heap into its reservation.
//!
//! What must hold: a page is in exactly one of {a span, a free run, not committed yet, the hands of a thread that clears it or gives
//! it back}; neighbouring free runs are one.
//! First fit for spans of slots, best fit for large ones, lowest address first: spans gather at the low end, and the high end
//! can be given back to the system.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use crate::arena::Arena;
use crate::layout::PAGE_SIZE_BYTES;
use crate::size_class::MAX_MEDIUM_SIZE_BYTES;

/// The free pages of one heap.
#[derive(Default)]
pub(crate) struct PageHeap {
    /// Length of the free run that begins at each page.
    length_by_start: BTreeMap<usize, usize>,
    /// The same runs as (length, start).
    by_length: BTreeSet<(usize, usize)>,
    /// Pages committed so far, the unused page 0 included; they are the first ones.
    committed: usize,
    /// Pages in free runs.
    free: usize,
    /// Those of them that the system backs with memory.
    free_dirty: usize,
    /// The most pages that spans had since [`Self::take_peak`] was called last.
    peak: usize,
}

/// How many of some pages may hold anything but zeroes.
pub(crate) fn count_dirty(arena: &Arena, pages: Range<usize>) -> usize {
    pages
        .filter(|&page| arena.info(page).is_dirty.load(Relaxed))
        .count()
}

/// What the page heap has seen, in pages; the unused page 0 is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageCounts {
    pub(crate) committed: usize,
    pub(crate) free: usize,
    pub(crate) free_dirty: usize,
}

impl PageHeap {
    /// Takes `count` pages in a row from free runs; `None` when no run is that long. Says which is the first.
    pub(crate) fn allocate(&mut self, arena: &Arena, count: usize) -> Option<usize> {
        let (length, start) = self.find(count)?;
        self.remove(start, length);
        if length > count {
            self.insert(start + count, length - count);
        }
        self.free -= count;
        self.free_dirty -= count_dirty(arena, start..start + count);
        self.peak = self.peak.max(self.in_use());
        Some(start)
    }

    /// The free run to cut `count` pages off: its length and its first page.
    fn find(&self, count: usize) -> Option<(usize, usize)> {
        // The lowest that will do, if it is among the first: so the same pages are used again, and those behind stay as clean as
        // they are.
        if count <= MAX_FIRST_FIT_PAGES {
            let mut lowest = self.length_by_start.iter().take(MAX_FIRST_FIT_RUNS);
            if let Some((&start, &length)) = lowest.find(|&(_, &length)| length >= count) {
                return Some((length, start));
            }
        }
        self.by_length.range((count, 0)..).next().copied()
    }

    /// The most pages that spans had since the last call.
    pub(crate) fn take_peak(&mut self) -> usize {
        let now = self.in_use();
        std::mem::replace(&mut self.peak, now)
    }

    fn in_use(&self) -> usize {
        self.committed.saturating_sub(1) - self.free
    }

    /// Pages by which the heap grows, if no more are needed.
    pub(crate) fn growth_step(&self) -> usize {
        if self.committed <= 1 {
            FIRST_GROWTH_PAGES
        } else {
            (self.committed / 8).clamp(MIN_GROWTH_PAGES, MAX_GROWTH_PAGES)
        }
    }

    /// Commits enough of the reservation for a run of `count` pages; false when it or the system has no more.
    pub(crate) fn grow(&mut self, arena: &Arena, count: usize) -> bool {
        // Page 0 is never cut: its number stands for "none".
        self.committed = self.committed.max(1);
        let last_run = self
            .length_by_start
            .last_key_value()
            .filter(|&(start, length)| start + length == self.committed);
        let needed = count - last_run.map_or(0, |(_, &length)| length.min(count - 1));
        let room = arena.page_count() - self.committed;
        if needed > room {
            return false;
        }
        let wanted = needed.max(self.growth_step()).min(room);
        let granted = [wanted, needed]
            .into_iter()
            .find(|&pages| arena.commit(self.committed, pages));
        let Some(pages) = granted else { return false };
        let start = self.committed;
        self.committed += pages;
        self.free += pages;
        self.coalesce(start, pages);
        true
    }

    /// Takes back the pages of a span. They keep their contents and count as dirty.
    pub(crate) fn free(&mut self, start: usize, count: usize) {
        self.free += count;
        self.free_dirty += count;
        self.coalesce(start, count);
    }

    /// Takes some free pages out of which the system is to have its memory back, and which begin below `below`: the highest
    /// such, some of them dirty. `None` when at most `keep` dirty ones are left. They are given back with [`Self::put_back`].
    pub(crate) fn take_dirty(
        &mut self,
        arena: &Arena,
        keep: usize,
        below: usize,
    ) -> Option<(usize, usize)> {
        if self.free_dirty <= keep {
            return None;
        }
        for (&start, &length) in self.length_by_start.range(..below).rev() {
            // A short run is likely to be reused before the cost of giving it back has paid.
            if length < MIN_RELEASE_PAGES {
                continue;
            }
            let mut end = (start + length).min(below);
            while end > start {
                let first = start.max(end.saturating_sub(MAX_RELEASE_PAGES));
                let dirty = count_dirty(arena, first..end);
                if dirty > 0 {
                    self.remove(start, length);
                    if first > start {
                        self.insert(start, first - start);
                    }
                    if end < start + length {
                        self.insert(end, start + length - end);
                    }
                    self.free -= end - first;
                    self.free_dirty -= dirty;
                    return Some((first, end - first));
                }
                end = first;
            }
        }
        None
    }

    /// Takes back pages that were to be released, and says whether they are: clean.
    pub(crate) fn put_back(&mut self, arena: &Arena, start: usize, count: usize, is_clean: bool) {
        if is_clean {
            (start..start + count).for_each(|page| arena.info(page).is_dirty.store(false, Relaxed));
        }
        self.free += count;
        self.free_dirty += count_dirty(arena, start..start + count);
        self.coalesce(start, count);
    }

    pub(crate) fn counts(&self) -> PageCounts {
        PageCounts {
            committed: self.committed.saturating_sub(1),
            free: self.free,
            free_dirty: self.free_dirty,
        }
    }

    fn coalesce(&mut self, mut start: usize, mut length: usize) {
        if let Some((&before, &before_length)) = self.length_by_start.range(..start).next_back()
            && before + before_length == start
        {
            self.remove(before, before_length);
            start = before;
            length += before_length;
        }
        if let Some(&after_length) = self.length_by_start.get(&(start + length)) {
            self.remove(start + length, after_length);
            length += after_length;
        }
        self.insert(start, length);
    }

    fn insert(&mut self, start: usize, length: usize) {
        self.length_by_start.insert(start, length);
        self.by_length.insert((length, start));
    }

    fn remove(&mut self, start: usize, length: usize) {
        let was_there = self.length_by_start.remove(&start).is_some()
            && self.by_length.remove(&(length, start));
        assert!(was_there, "the two views of the free runs agree");
    }
}

/// Requests up to this are first fit, larger ones best fit: these should not break up runs that only they can use.
const MAX_FIRST_FIT_PAGES: usize = MAX_MEDIUM_SIZE_BYTES / PAGE_SIZE_BYTES;

/// Free runs that a first fit looks at.
const MAX_FIRST_FIT_RUNS: usize = 16;

/// Pages committed at first: short programs need no more.
const FIRST_GROWTH_PAGES: usize = (1 << 20) / PAGE_SIZE_BYTES;

/// Pages committed at least at a time later, as Go does (4 MiB): one system call for many refills.
const MIN_GROWTH_PAGES: usize = (4 << 20) / PAGE_SIZE_BYTES;

/// Pages committed at most beyond the need, so that a big heap does not claim far more than it uses.
const MAX_GROWTH_PAGES: usize = (64 << 20) / PAGE_SIZE_BYTES;

/// Shortest run worth a system call to give back (64 KiB).
const MIN_RELEASE_PAGES: usize = (64 << 10) / PAGE_SIZE_BYTES;

/// Pages given back at a time: half a MiB, some 50 us in which nobody else has them.
const MAX_RELEASE_PAGES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn arena() -> Arena {
        Arena::reserve(64 << 20).expect("address space")
    }

    #[test]
    fn freed_neighbours_become_one_run() {
        let arena = arena();
        let mut pages = PageHeap::default();
        assert!(pages.grow(&arena, 1));
        let total = pages.counts().free;
        let runs: Vec<usize> = (0..8)
            .map(|_| pages.allocate(&arena, 3).expect("free pages"))
            .collect();
        for index in [1, 3, 5, 7, 0, 2, 4, 6] {
            pages.free(runs[index], 3);
        }
        assert_eq!(pages.length_by_start.len(), 1);
        assert_eq!(pages.allocate(&arena, total), Some(1));
        assert_eq!(pages.allocate(&arena, 1), None);
    }

    #[test]
    fn small_requests_take_the_lowest_pages_and_large_ones_leave_longer_runs_whole() {
        let arena = arena();
        let mut pages = PageHeap::default();
        assert!(pages.grow(&arena, 100));
        let first = pages.allocate(&arena, 60).expect("free pages");
        // Free runs of 30, 2 and what is left.
        pages.free(first, 30);
        pages.free(first + 40, 2);
        assert_eq!(pages.allocate(&arena, 1), Some(first));
        assert_eq!(pages.allocate(&arena, 8), Some(first + 1));
        assert_eq!(pages.allocate(&arena, 20), Some(first + 9));
        assert_eq!(pages.allocate(&arena, 2), Some(first + 40));
        assert_eq!(pages.allocate(&arena, 2), Some(first + 60));
        assert_eq!(pages.take_peak(), 28 + 33);
        pages.free(first + 60, 2);
        assert_eq!(pages.take_peak(), pages.take_peak() + 2);
    }

    #[test]
    fn growth_uses_the_free_tail_and_stops_at_the_reservation() {
        let arena = arena();
        let mut pages = PageHeap::default();
        assert!(pages.grow(&arena, arena.page_count() - 1));
        assert!(!pages.grow(&arena, arena.page_count()));
        assert_eq!(pages.allocate(&arena, arena.page_count() - 1), Some(1));
        assert!(!pages.grow(&arena, 1));
    }

    #[test]
    fn released_pages_are_clean_again() {
        let arena = arena();
        let mut pages = PageHeap::default();
        assert!(pages.grow(&arena, 1));
        let start = pages.allocate(&arena, 64).expect("free pages");
        (start..start + 64).for_each(|page| arena.info(page).is_dirty.store(true, Relaxed));
        pages.free(start, 64);
        assert_eq!(pages.counts().free_dirty, 64);
        while let Some((start, count)) = pages.take_dirty(&arena, 0, usize::MAX) {
            assert!(count <= MAX_RELEASE_PAGES && arena.release(start, count));
            pages.put_back(&arena, start, count, true);
        }
        assert_eq!(pages.counts().free_dirty, 0);
        assert!(!arena.info(start).is_dirty.load(Relaxed));
    }
}
