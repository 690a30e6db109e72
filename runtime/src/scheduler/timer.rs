//! `TimerQueue`: what is to happen at which time.
//!
//! A timer is a sleeping goroutine, a function to be called in a new goroutine, or one whose channel somebody waits for. Timers
//! of equal time fire in the order they were made.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use gc::sync::{LockRank, RankedGuard, RankedMutex};

use crate::channel::Channel;
use crate::goroutine::Goroutine;

/// Names a timer; never 0 and never used again.
pub type TimerId = u64;

/// What happens when a timer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerAction {
    /// This goroutine wakes up.
    Wake(*mut Goroutine),
    /// A new goroutine calls this: a function value without parameters and results.
    Call(u64),
    /// Who waits to receive from this channel, that of a timer, gets the time.
    Receive(*mut Channel),
}

/// Timers that are not due yet.
#[derive(Debug, Default)]
pub struct TimerQueue {
    heap: BinaryHeap<Reverse<(u64, TimerId)>>,
    actions: HashMap<TimerId, TimerAction>,
    last_id: TimerId,
}

// SAFETY: the goroutines named are used by the worker that takes them out.
unsafe impl Send for TimerQueue {}

/// The timers of a program, for all its workers.
#[derive(Debug)]
pub struct Timers {
    queue: RankedMutex<TimerQueue>,
    /// When the next one is due, `u64::MAX` for never: what the queue last said. Only a hint of when to look.
    next_ns: AtomicU64,
}

impl Timers {
    /// No timers.
    pub fn new(rank: LockRank) -> Self {
        Self {
            queue: RankedMutex::new(rank, TimerQueue::default()),
            next_ns: AtomicU64::new(u64::MAX),
        }
    }

    /// When the next one is due, `u64::MAX` if there is none.
    pub fn next_ns(&self) -> u64 {
        self.next_ns.load(Relaxed)
    }

    /// The queue, to be changed.
    pub fn lock(&self) -> TimersGuard<'_> {
        TimersGuard {
            queue: self.queue.lock(),
            next_ns: &self.next_ns,
        }
    }
}

/// Holds the queue; when dropped, notes when the next timer is due.
#[derive(Debug)]
pub struct TimersGuard<'timers> {
    queue: RankedGuard<'timers, TimerQueue>,
    next_ns: &'timers AtomicU64,
}

impl Deref for TimersGuard<'_> {
    type Target = TimerQueue;

    fn deref(&self) -> &TimerQueue {
        &self.queue
    }
}

impl DerefMut for TimersGuard<'_> {
    fn deref_mut(&mut self) -> &mut TimerQueue {
        &mut self.queue
    }
}

impl Drop for TimersGuard<'_> {
    fn drop(&mut self) {
        let next_ns = self.queue.next_ns().unwrap_or(u64::MAX);
        self.next_ns.store(next_ns, Relaxed);
    }
}

impl TimerQueue {
    /// Adds a timer for time `when_ns`.
    pub fn add(&mut self, when_ns: u64, action: TimerAction) -> TimerId {
        self.last_id += 1;
        self.heap.push(Reverse((when_ns, self.last_id)));
        self.actions.insert(self.last_id, action);
        self.last_id
    }

    /// Removes a timer; whether it was still queued.
    pub fn remove(&mut self, id: TimerId) -> bool {
        let was_queued = self.actions.remove(&id).is_some();
        // Removed timers stay in the heap until they are due, or until they are most of it.
        if self.heap.len() > 64 && self.heap.len() > 2 * self.actions.len() {
            let actions = &self.actions;
            self.heap
                .retain(|Reverse((_, id))| actions.contains_key(id));
        }
        was_queued
    }

    /// Takes out one that is due at `now_ns`.
    pub fn pop_due(&mut self, now_ns: u64) -> Option<(TimerId, TimerAction)> {
        loop {
            let &Reverse((when_ns, id)) = self.heap.peek()?;
            let Some(&action) = self.actions.get(&id) else {
                self.heap.pop();
                continue;
            };
            if when_ns > now_ns {
                return None;
            }
            self.heap.pop();
            self.actions.remove(&id);
            return Some((id, action));
        }
    }

    /// When the next one is due.
    pub fn next_ns(&mut self) -> Option<u64> {
        loop {
            let &Reverse((when_ns, id)) = self.heap.peek()?;
            if self.actions.contains_key(&id) {
                return Some(when_ns);
            }
            self.heap.pop();
        }
    }

    /// Whether no timer is queued.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// All actions queued.
    pub fn actions(&self) -> impl Iterator<Item = &TimerAction> {
        self.actions.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fire_in_order_of_time_then_of_making() {
        let mut timers = TimerQueue::default();
        let third = timers.add(30, TimerAction::Call(3));
        let first = timers.add(10, TimerAction::Call(1));
        let second = timers.add(10, TimerAction::Call(2));
        assert_eq!(timers.pop_due(5), None);
        assert_eq!(timers.next_ns(), Some(10));
        assert_eq!(timers.pop_due(20), Some((first, TimerAction::Call(1))));
        assert_eq!(timers.pop_due(20), Some((second, TimerAction::Call(2))));
        assert_eq!(timers.pop_due(20), None);
        assert_eq!(timers.pop_due(30), Some((third, TimerAction::Call(3))));
        assert!(timers.is_empty());
    }

    #[test]
    fn a_removed_timer_does_not_fire() {
        let mut timers = TimerQueue::default();
        let id = timers.add(10, TimerAction::Call(1));
        assert!(timers.remove(id));
        assert!(!timers.remove(id));
        assert_eq!(timers.next_ns(), None);
        assert_eq!(timers.pop_due(100), None);
    }

    #[test]
    fn many_removed_timers_do_not_pile_up() {
        let mut timers = TimerQueue::default();
        for _ in 0..10_000 {
            let id = timers.add(1_000_000, TimerAction::Call(1));
            timers.remove(id);
        }
        assert!(timers.heap.len() <= 65);
    }
}
