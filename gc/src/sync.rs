//! Locks with ranks, for the heap and the runtime.
//!
//! What must hold: a thread takes locks in rising rank only, so no two threads ever wait for each other. Debug builds
//! check it at every acquisition (as Go's `lockrank.go` does); release builds pay nothing.

use std::ops::{Deref, DerefMut};
// Files that a model checker runs too take these from here.
pub(crate) use std::sync::atomic;
use std::sync::{Mutex, MutexGuard, PoisonError};
pub(crate) use std::thread;

/// Where a lock stands in the order of all locks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LockRank(pub u16);

impl LockRank {
    /// What the cycle under way has measured.
    pub const PROGRESS: Self = Self(1001);
    /// What is remembered from cycle to cycle. The heap's locks are from 1000 to 1999.
    pub const CYCLE: Self = Self(1000);
    /// How much processor time there was.
    pub const AVAILABLE_TIME: Self = Self(1005);
    /// The table of layouts; held through marking.
    pub const LAYOUTS: Self = Self(1010);
    /// Finalizers, cleanups and weak handles.
    pub const SPECIALS: Self = Self(1015);
    /// The pages of one layout. Two such are never held together.
    pub const CENTRAL: Self = Self(1020);
    /// The list of large spans.
    pub const LARGE_SPANS: Self = Self(1030);
    /// Grey objects that any marker may take.
    pub const MARK_POOL: Self = Self(1035);
    /// Free pages.
    pub const PAGE_HEAP: Self = Self(1040);
}

/// A mutex that knows its rank.
#[derive(Debug)]
pub struct RankedMutex<T> {
    rank: LockRank,
    inner: Mutex<T>,
}

impl<T> RankedMutex<T> {
    /// A mutex of `rank` around `value`.
    pub const fn new(rank: LockRank, value: T) -> Self {
        Self {
            rank,
            inner: Mutex::new(value),
        }
    }

    /// Waits for the lock. What it guards is whole even after a panic elsewhere, so poisoning is ignored.
    ///
    /// # Panics
    /// In debug builds, when the thread already holds a lock of this rank or a higher one.
    #[inline]
    pub fn lock(&self) -> RankedGuard<'_, T> {
        held::push(self.rank);
        let guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        RankedGuard {
            guard,
            rank: self.rank,
        }
    }
}

/// Holds a [`RankedMutex`] until dropped.
#[derive(Debug)]
pub struct RankedGuard<'lock, T> {
    guard: MutexGuard<'lock, T>,
    rank: LockRank,
}

impl<T> Deref for RankedGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for RankedGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for RankedGuard<'_, T> {
    fn drop(&mut self) {
        held::pop(self.rank);
    }
}

#[cfg(debug_assertions)]
mod held {
    use std::cell::RefCell;

    use super::LockRank;

    thread_local! {
        /// Ranks of the locks this thread holds, in the order taken. Bookkeeping of the check only.
        static HELD: RefCell<Vec<LockRank>> = const { RefCell::new(Vec::new()) };
    }

    pub(super) fn push(rank: LockRank) {
        HELD.with_borrow_mut(|held| {
            if let Some(&highest) = held.iter().max() {
                assert!(
                    highest < rank,
                    "lock of {rank:?} taken while holding {highest:?}"
                );
            }
            held.push(rank);
        });
    }

    pub(super) fn pop(rank: LockRank) {
        HELD.with_borrow_mut(|held| {
            let position = held
                .iter()
                .rposition(|&other| other == rank)
                .expect("a held lock was noted");
            held.remove(position);
        });
    }
}

#[cfg(not(debug_assertions))]
mod held {
    use super::LockRank;

    #[inline]
    pub(super) fn push(_rank: LockRank) {}

    #[inline]
    pub(super) fn pop(_rank: LockRank) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_taken_in_rising_rank() {
        let first = RankedMutex::new(LockRank(1), 'a');
        let second = RankedMutex::new(LockRank(2), 'b');
        let guards = (first.lock(), second.lock());
        assert_eq!((*guards.0, *guards.1), ('a', 'b'));
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "while holding")]
    fn a_lock_of_lower_rank_is_refused() {
        let first = RankedMutex::new(LockRank(1), ());
        let second = RankedMutex::new(LockRank(2), ());
        let _held = second.lock();
        let _refused = first.lock();
    }
}
