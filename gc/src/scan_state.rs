//! `ScanState`: whether a goroutine was scanned in this cycle, who scans it, and whether anybody has to.
//!
//! When marking begins every goroutine becomes stale, by one increment of the heap's epoch. I6: a stale goroutine does not run
//! while marking is under way. Whoever is about to run it scans it first ([`Heap::scan_before_run`]); the collector scans
//! those that nobody runs ([`RootVisitor::visit_stale`]); and if both come at once, the second waits for the first.
//!
//! A goroutine **rests** when, since before the first stop of the cycle before, it has not run and was given nothing
//! ([`Heap::note_given`]). What it names was allocated before that cycle began, and marked in it: by its stack, or because it was
//! old already and the goroutine rested then too. So all that is old now, and a young cycle, which would find it marked, passes
//! over it. One that ran later may name what was allocated while the cycle marked, which is young. A full cycle looks at all.

use crate::heap::Heap;
use crate::object::prefetch;
use crate::roots::RootVisitor;
use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::thread;

/// Whether a goroutine was scanned in this cycle, who scans it, and whether anybody has to.
#[derive(Debug, Default)]
pub struct ScanState {
    /// Twice the epoch in which it was scanned last, plus one as long as somebody is at it.
    word: AtomicU32,
    /// The epoch in which it ran last, or was given something: written by who runs or wakes it.
    changed: AtomicU32,
    /// Bytes of its stack that were in use when it was scanned last, for the pacer.
    stack_bytes: AtomicU32,
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

    /// Asks the processor for it, ahead of [`RootVisitor::visit_stale`].
    #[inline]
    pub fn prefetch(&self) {
        prefetch((&raw const *self).addr());
    }

    /// Whether it rests, in a cycle that has begun.
    fn is_at_rest(&self, epoch: u32) -> bool {
        epoch.wrapping_sub(self.changed.load(Relaxed)) >= 2
    }

    /// Calls `visit`, and remembers how much stack there was.
    fn visit<'sink, 'heap>(
        &self,
        roots: &mut RootVisitor<'sink, 'heap>,
        visit: impl FnOnce(&mut RootVisitor<'sink, 'heap>),
    ) {
        let before = roots.stack_bytes;
        visit(roots);
        let stack_bytes = u32::try_from(roots.stack_bytes - before).unwrap_or(u32::MAX);
        self.stack_bytes.store(stack_bytes, Relaxed);
    }
}

impl Heap {
    /// Scans the goroutine of `state` if it is stale; called by whoever is about to run it, and after each wait at a
    /// safepoint by whoever runs it. Afterwards it may run until the next safepoint.
    #[inline]
    pub fn scan_before_run(&self, state: &ScanState, visit: impl FnOnce(&mut RootVisitor<'_, '_>)) {
        let epoch = self.epoch.load(Relaxed);
        if self.is_marking() && !state.is_done(epoch) {
            state.scan_once(epoch, || {
                self.shade_roots(|roots| state.visit(roots, visit));
            });
        }
        state.changed.store(epoch, Relaxed);
    }

    /// Notes that the goroutine of `state` is new: it holds nothing that its maker does not. When this returns, the collector
    /// does not look at what it was before.
    #[inline]
    pub fn begin_goroutine(&self, state: &ScanState) {
        state.scan_once(self.epoch.load(Relaxed), || {});
        self.note_given(state);
    }

    /// Notes that the goroutine of `state`, which does not run, may have been given something to hold, with no safepoint since.
    #[inline]
    pub fn note_given(&self, state: &ScanState) {
        state.changed.store(self.epoch.load(Relaxed), Relaxed);
    }
}

impl RootVisitor<'_, '_> {
    /// Visits the goroutine of `state` if it is stale, unless it need not be. It may have been made since marking began, or be dead.
    pub fn visit_stale(&mut self, heap: &Heap, state: &ScanState, visit: impl FnOnce(&mut Self)) {
        let epoch = heap.epoch.load(Relaxed);
        if heap.has_old() && state.is_at_rest(epoch) {
            self.stack_bytes += u64::from(state.stack_bytes.load(Relaxed));
            return;
        }
        state.scan_once(epoch, || state.visit(self, visit));
    }
}
