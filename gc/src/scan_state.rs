//! `ScanState`: whether a goroutine was scanned in this cycle, and who scans it.
//!
//! When marking begins every goroutine becomes stale, by one increment of the heap's epoch. I6: a stale goroutine does not run
//! while marking is under way. Whoever is about to run it scans it first ([`Heap::scan_before_run`]); the collector scans
//! those that nobody runs ([`RootVisitor::visit_stale`]); and if both come at once, the second waits for the first.

use crate::heap::Heap;
use crate::roots::RootVisitor;
use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::thread;

/// Whether a goroutine was scanned in this cycle, and who scans it.
#[derive(Debug, Default)]
pub struct ScanState {
    /// Twice the epoch in which it was scanned last, plus one as long as somebody is at it.
    word: AtomicU32,
}

impl ScanState {
    #[inline]
    fn is_done(&self, epoch: u32) -> bool {
        self.word.load(Acquire) == epoch << 1
    }

    /// Calls `scan` unless the goroutine was scanned in `epoch`. When it returns, it was.
    fn scan_once(&self, epoch: u32, scan: impl FnOnce()) {
        let (done, busy) = (epoch << 1, epoch << 1 | 1);
        loop {
            let word = self.word.load(Acquire);
            if word == done {
                return;
            }
            if word != busy
                && self
                    .word
                    .compare_exchange(word, busy, AcqRel, Relaxed)
                    .is_ok()
            {
                scan();
                self.word.store(done, Release);
                return;
            }
            thread::yield_now();
        }
    }
}

impl Heap {
    /// Scans the goroutine of `state` if it is stale; called by whoever is about to run it, and after each wait at a
    /// safepoint by whoever runs it. Afterwards it may run until the next safepoint.
    #[inline]
    pub fn scan_before_run(&self, state: &ScanState, visit: impl FnOnce(&mut RootVisitor<'_, '_>)) {
        if self.is_marking() && !state.is_done(self.epoch.load(Relaxed)) {
            state.scan_once(self.epoch.load(Relaxed), || self.shade_roots(visit));
        }
    }

    /// Notes that the goroutine of `state` is new: it holds nothing that its maker does not. When this returns, the collector
    /// does not look at what it was before.
    #[inline]
    pub fn begin_goroutine(&self, state: &ScanState) {
        state.scan_once(self.epoch.load(Relaxed), || {});
    }
}

impl RootVisitor<'_, '_> {
    /// Visits the goroutine of `state` if it is stale. It may have been made since marking began, or be dead.
    pub fn visit_stale(&mut self, heap: &Heap, state: &ScanState, visit: impl FnOnce(&mut Self)) {
        state.scan_once(heap.epoch.load(Relaxed), || visit(self));
    }
}
