//! `Central`: the spans of one layout, shared by all caches.
//!
//! What must hold: a span of slots is in exactly one list of its layout's central, except while a thread sweeps it, and
//! that thread reaches no safepoint before it has put it back. A span that a cache owns counts as full.
//!
//! A new cycle makes every span unswept. Nothing is done for that while the world is stopped: the lists change their names
//! when somebody uses them first in the new cycle.

use std::collections::VecDeque;

use crate::span::Swept;
use crate::sync::{LockRank, RankedMutex};

/// The spans of one layout, by their first page.
pub(crate) struct Central {
    spans: RankedMutex<Spans>,
}

#[derive(Default)]
struct Spans {
    /// The cycle that the lists below are of.
    cycle: u32,
    /// Not swept since the last marking; those that were full, oldest first, then those that were not.
    unswept: [VecDeque<usize>; 2],
    /// Swept, with dead slots.
    partial: VecDeque<usize>,
    /// Swept, without dead slots; or owned by a cache.
    full: VecDeque<usize>,
}

impl Spans {
    /// Brings the lists to `cycle`, in constant time.
    #[inline]
    fn turn(&mut self, cycle: u32) {
        if self.cycle == cycle {
            return;
        }
        self.cycle = cycle;
        let [were_full, were_partial] = &mut self.unswept;
        assert!(
            were_full.is_empty() && were_partial.is_empty(),
            "sweeping ended before marking began"
        );
        std::mem::swap(were_full, &mut self.full);
        std::mem::swap(were_partial, &mut self.partial);
    }
}

impl Central {
    pub(crate) fn new() -> Self {
        Self {
            spans: RankedMutex::new(LockRank::CENTRAL, Spans::default()),
        }
    }

    /// A swept span with dead slots, if there is one. It belongs to the caller's cache from now on.
    pub(crate) fn take_partial(&self, cycle: u32) -> Option<usize> {
        let mut spans = self.spans.lock();
        spans.turn(cycle);
        let page = spans.partial.pop_back()?;
        spans.full.push_back(page);
        Some(page)
    }

    /// A span to sweep, claimed by the caller, who puts it back with [`Self::put_swept`] or ends it.
    pub(crate) fn claim_unswept(&self, cycle: u32) -> Option<usize> {
        let mut spans = self.spans.lock();
        spans.turn(cycle);
        let [were_full, were_partial] = &mut spans.unswept;
        were_full.pop_front().or_else(|| were_partial.pop_front())
    }

    /// Notes a span the caller swept (and which has objects).
    pub(crate) fn put_swept(&self, page: usize, swept: Swept, cycle: u32) {
        let mut spans = self.spans.lock();
        spans.turn(cycle);
        if swept.live < swept.slots {
            spans.partial.push_back(page);
        } else {
            spans.full.push_back(page);
        }
    }

    /// Notes a span that a cache owns: fresh, or swept by the caller for itself.
    pub(crate) fn put_owned(&self, page: usize, cycle: u32) {
        let mut spans = self.spans.lock();
        spans.turn(cycle);
        spans.full.push_back(page);
    }

    /// Every span, for the verifier; with the world stopped.
    pub(crate) fn all_spans(&self) -> Vec<usize> {
        let spans = self.spans.lock();
        let [were_full, were_partial] = &spans.unswept;
        [were_full, were_partial, &spans.partial, &spans.full]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }
}
