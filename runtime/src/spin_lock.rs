//! `SpinLock`: a lock of one word, for queues that are held for some nanoseconds.
//!
//! It need not be released by the thread that took it: a goroutine that parks under one has its worker release it, once the
//! goroutine's context is saved ([`crate::scheduler::AfterSwitch`]). So it has no guard.
//!
//! What must hold: the holder neither allocates, nor collects, nor waits for another lock, but for `select`, which takes
//! those of its channels in order of their addresses.

use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{hint, thread};

/// Tries before the thread offers its place to others: the holder may have lost its own.
const SPINS: u32 = 60;

/// Offers before it sleeps a little: on a machine with more threads than places, whoever offers may get it back at once.
const YIELDS: u32 = 100;

/// A lock; all bits zero is free.
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct SpinLock {
    is_held: AtomicU32,
}

impl SpinLock {
    /// Takes it.
    #[inline]
    pub fn lock(&self) {
        // Acquire pairs with the release in `unlock`.
        if self.is_held.swap(1, Acquire) != 0 {
            self.lock_contended();
        }
    }

    #[cold]
    fn lock_contended(&self) {
        let mut tries = 0_u32;
        loop {
            if self.is_held.load(Relaxed) == 0 && self.is_held.swap(1, Acquire) == 0 {
                return;
            }
            tries += 1;
            if tries < SPINS {
                hint::spin_loop();
            } else if tries < SPINS + YIELDS {
                thread::yield_now();
            } else {
                thread::sleep(std::time::Duration::from_micros(20));
            }
        }
    }

    /// Releases it.
    #[inline]
    pub fn unlock(&self) {
        debug_assert!(
            self.is_held.load(Relaxed) == 1,
            "only what is held is released"
        );
        self.is_held.store(0, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::UnsafeCell;

    struct Counter {
        lock: SpinLock,
        value: UnsafeCell<u64>,
    }

    // SAFETY: the value is used under the lock only.
    unsafe impl Sync for Counter {}

    #[test]
    fn one_thread_at_a_time_holds_it() {
        let counter = Counter {
            lock: SpinLock::default(),
            value: UnsafeCell::new(0),
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let counter = &counter;
                scope.spawn(move || {
                    for _ in 0..20_000 {
                        counter.lock.lock();
                        // SAFETY: the lock is held.
                        unsafe { *counter.value.get() += 1 };
                        counter.lock.unlock();
                    }
                });
            }
        });
        assert_eq!(counter.value.into_inner(), 80_000);
    }
}
