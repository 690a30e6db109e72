//! `Cleaning`: pages on which a large object is going to begin are cleared before it does.
//!
//! Clearing 100 MiB takes as long as a hundred stops should. So it is done before there is an object, by a thread that a stop need
//! not wait for: the pages are taken out of the free ones, cleared, and put back; the allocation that follows finds the same run,
//! for the best fit is what it was, unless another thread came first. Then it clears others itself.

use std::ops::Range;
use std::sync::atomic::Ordering::Relaxed;

use crate::heap::Heap;
use crate::layout::PAGE_SIZE_BYTES;
use crate::page_heap::count_dirty;

/// Below that, clearing takes less than a stop may: some 25 us.
const MIN_CLEANED_BYTES: usize = 256 << 10;

/// Free pages in the hands of a thread that clears them.
#[must_use = "the pages are lost unless they are put back"]
pub struct Cleaning {
    page: usize,
    page_count: usize,
    /// Whole pages at the beginning that somebody will write anyway.
    written_pages: usize,
}

impl Cleaning {
    fn to_clear(&self) -> Range<usize> {
        self.page + self.written_pages..self.page + self.page_count
    }
}

impl Heap {
    /// Takes pages for an object of `size_bytes`, of which the first `written_bytes` need not be zero, if there is enough to clear.
    /// They have to be given to [`Self::end_cleaning`]. Neither collects nor parks.
    pub fn begin_cleaning(&self, size_bytes: usize, written_bytes: usize) -> Option<Cleaning> {
        if size_bytes.saturating_sub(written_bytes) < MIN_CLEANED_BYTES {
            return None;
        }
        let page_count = size_bytes.div_ceil(PAGE_SIZE_BYTES);
        let cleaning = Cleaning {
            // Whoever makes the object will say that there is no memory.
            page: self.allocate_pages(page_count).ok()?,
            page_count,
            written_pages: written_bytes / PAGE_SIZE_BYTES,
        };
        let dirty_pages = count_dirty(&self.arena, cleaning.to_clear());
        if dirty_pages * PAGE_SIZE_BYTES >= MIN_CLEANED_BYTES {
            return Some(cleaning);
        }
        self.end_cleaning(cleaning);
        None
    }

    /// Clears the pages. Whole cycles may run meanwhile: nobody else knows the pages.
    pub fn clean(&self, cleaning: &Cleaning) {
        self.clear_pages(cleaning.to_clear(), 0);
        for page in cleaning.to_clear() {
            self.arena.info(page).is_dirty.store(false, Relaxed);
        }
    }

    /// Puts the pages back among the free ones.
    #[expect(clippy::needless_pass_by_value, reason = "it can be done once")]
    pub fn end_cleaning(&self, cleaning: Cleaning) {
        let (page, page_count) = (cleaning.page, cleaning.page_count);
        let mut pages = self.pages.lock();
        pages.put_back(&self.arena, page, page_count, false);
    }
}
