//! Assists: a mutator that allocates faster than the markers mark lends them a hand.
//!
//! The pacer begins a cycle so early that there are none in a steady state. When the heap outgrows the goal while marking is
//! under way, every refill pays with a little marking, at most [`MAX_OBJECTS`] scanned: a bounded delay. When it outgrows
//! the goal by a fifth, refills pay until the marking ends or nothing is left to mark.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use crate::heap::Heap;
use crate::mark::Marker;

/// Objects scanned by one assist: some 10 us.
const MAX_OBJECTS: usize = 256;

impl Heap {
    /// Whether the caller, who is about to allocate, should call [`Self::assist`] first.
    #[inline]
    pub fn wants_assist(&self) -> bool {
        self.is_marking()
            && self.counters.heap_live_bytes.load(Relaxed) > self.goal_bytes.load(Relaxed)
    }

    /// Marks a little. At a safepoint of a mutator; does not wait for anybody.
    ///
    /// True when the heap is so far beyond its goal that the mutator should come again before it allocates, if it can be
    /// stopped in between.
    #[cold]
    pub fn assist(&self) -> bool {
        let began = Instant::now();
        let layouts = std::sync::Arc::clone(&self.layouts.lock());
        let mut marker = Marker::new(self, &layouts);
        let is_drained = marker.drain(MAX_OBJECTS);
        marker.finish();
        self.counters
            .assist_ns
            .fetch_add(began.elapsed().as_nanos() as u64, Relaxed);
        let goal_bytes = self.goal_bytes.load(Relaxed);
        let is_far_out =
            self.counters.heap_live_bytes.load(Relaxed) > goal_bytes.saturating_add(goal_bytes / 5);
        is_far_out && !is_drained
    }
}
