//! `Central`: the spans of one layout, shared by all caches.
//!
//! What must hold: a span of slots is in exactly one list of its layout's central, except while a thread sweeps it, and
//! that thread reaches no safepoint before it has put it back. A span that a cache owns counts as full.

use crate::span::Swept;
use crate::sync::{LockRank, RankedMutex};

/// The spans of one layout, by their first page.
pub(crate) struct Central {
    spans: RankedMutex<Spans>,
}

#[derive(Default)]
struct Spans {
    /// Not swept since the last marking; the lowest last, so that it is popped first.
    unswept: Vec<usize>,
    /// Swept, with dead slots.
    partial: Vec<usize>,
    /// Swept, without dead slots; or owned by a cache.
    full: Vec<usize>,
}

impl Central {
    pub(crate) fn new() -> Self {
        Self {
            spans: RankedMutex::new(LockRank::CENTRAL, Spans::default()),
        }
    }

    /// A swept span with dead slots, if there is one. It belongs to the caller's cache from now on.
    pub(crate) fn take_partial(&self) -> Option<usize> {
        let mut spans = self.spans.lock();
        let page = spans.partial.pop()?;
        spans.full.push(page);
        Some(page)
    }

    /// A span to sweep, claimed by the caller, who puts it back with [`Self::put_swept`] or ends it.
    pub(crate) fn claim_unswept(&self) -> Option<usize> {
        self.spans.lock().unswept.pop()
    }

    /// Notes a span the caller swept (and which has objects).
    pub(crate) fn put_swept(&self, page: usize, swept: Swept) {
        let mut spans = self.spans.lock();
        if swept.live < swept.slots {
            spans.partial.push(page);
        } else {
            spans.full.push(page);
        }
    }

    /// Notes a span that a cache owns: fresh, or swept by the caller for itself.
    pub(crate) fn put_owned(&self, page: usize) {
        self.spans.lock().full.push(page);
    }

    /// After marking, with the world stopped and all caches flushed: every span is unswept.
    pub(crate) fn begin_sweep(&self) {
        let mut spans = self.spans.lock();
        let spans = &mut *spans;
        assert!(
            spans.unswept.is_empty(),
            "sweeping ended before marking began"
        );
        std::mem::swap(&mut spans.unswept, &mut spans.full);
        spans.unswept.append(&mut spans.partial);
        spans
            .unswept
            .sort_unstable_by(|left, right| right.cmp(left));
    }

    /// Every span, for the verifier; with the world stopped.
    pub(crate) fn all_spans(&self) -> Vec<usize> {
        let spans = self.spans.lock();
        [&spans.unswept[..], &spans.partial, &spans.full].concat()
    }
}
