//! `Searchers`: how work that is submitted and workers that go idle find each other.
//!
//! # The two-sided protocol
//! No work may lie in a queue while a Processor idles and nobody looks for work. Two sides keep that, each with a second look
//! after a fence, so that at least one of them sees the other:
//! - *Submit*: put the work in a queue; fence; if a Processor is idle and nobody searches, wake a worker
//!   ([`Searchers::is_to_wake`]).
//! - *Go idle*: give the Processor up, stop searching; fence; look into all queues again ([`Searchers::go_idle`]).
//!
//! A worker that is woken searches, and is counted; while one searches, nobody else is woken. The last one to stop searching
//! because it found something submits in its turn, so more work than one can do gets more workers.
//!
//! What one goroutine makes ready for the same Processor's `next` is not submitted: its holder runs it before it goes idle.
//!
//! Sources: Go's `proc.go` (its comment on parking and unparking); Dmitry Vyukov's scalable scheduler design (2012). The
//! crate of models runs this file under a model checker.

use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::sync::atomic::{AtomicI32, AtomicU32, fence};

/// Counts idle Processors and workers that search.
#[derive(Debug, Default)]
pub struct Searchers {
    idle: AtomicU32,
    searching: AtomicI32,
}

impl Searchers {
    /// Processors that nobody holds.
    pub fn idle_count(&self) -> u32 {
        self.idle.load(Relaxed)
    }

    /// Notes how many Processors nobody holds; under the lock on them.
    pub fn note_idle(&self, count: u32) {
        self.idle.store(count, SeqCst);
    }

    /// Workers that search.
    pub fn count(&self) -> i32 {
        self.searching.load(Relaxed)
    }

    /// A worker begins to search.
    pub fn begin(&self) {
        self.searching.fetch_add(1, SeqCst);
    }

    /// A worker stops searching. Whether it was the last: if it stops because it found work, it is to submit.
    pub fn end(&self) -> bool {
        let before = self.searching.fetch_sub(1, SeqCst);
        debug_assert!(before > 0, "who stops searching has begun");
        before == 1
    }

    /// Work was put where others can take it: whether the caller is to wake a worker. That is counted as searching from now on;
    /// if there is none to be woken after all, the caller ends its search.
    #[inline]
    pub fn is_to_wake(&self) -> bool {
        // Pairs with the fence in `go_idle`.
        fence(SeqCst);
        self.idle_count() > 0 && self.count() == 0 && self.claim()
    }

    #[cold]
    fn claim(&self) -> bool {
        let claimed = self.searching.compare_exchange(0, 1, SeqCst, SeqCst);
        claimed.is_ok()
    }

    /// A worker, perhaps one that was searching, has found nothing: it gives its Processor up, and takes one again if work has
    /// come meanwhile. It searches then. `give_up` says whether nobody has taken over what was given up.
    pub fn go_idle<P>(
        &self,
        was_searching: bool,
        give_up: impl FnOnce() -> bool,
        has_work: impl FnOnce() -> bool,
        take_again: impl FnOnce() -> Option<P>,
    ) -> Option<P> {
        let is_idle = give_up();
        if was_searching {
            self.end();
        }
        // Pairs with the fence in `is_to_wake`.
        fence(SeqCst);
        if !is_idle || !has_work() {
            return None;
        }
        let taken = take_again()?;
        self.begin();
        Some(taken)
    }
}
