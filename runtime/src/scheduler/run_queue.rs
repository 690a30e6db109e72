//! `RunQueue`: goroutines of one Processor that are ready to run, in order of arrival.
//!
//! A ring that its owner fills and empties, and others steal from: the worker that holds the Processor is the only one to
//! call [`RunQueue::push`]; anybody may take from the front. No locks.
//!
//! What must hold:
//! - `head <= tail <= head + CAPACITY`, counting without end; slots from `head` to `tail` are full.
//! - Only the owner moves `tail`, after it has filled the slot (release). Whoever moves `head` has read the slots it passes
//!   before (compare and swap with release), so the owner fills none that is still being read.
//!
//! Source: Go's `proc.go` (`runqput`, `runqget`, `runqgrab`); the split of roles is Arora, Blumofe, Plaxton (1998).

use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::atomic::{AtomicPtr, AtomicU32};
use std::ptr::null_mut;

use crate::goroutine::Goroutine;

/// Goroutines it holds; more go to the queue of all Processors.
pub(super) const CAPACITY: u32 = 256;

/// The ready goroutines of one Processor.
#[derive(Debug)]
pub struct RunQueue {
    head: AtomicU32,
    tail: AtomicU32,
    slots: [AtomicPtr<Goroutine>; CAPACITY as usize],
}

impl Default for RunQueue {
    fn default() -> Self {
        Self {
            head: AtomicU32::new(0),
            tail: AtomicU32::new(0),
            slots: [const { AtomicPtr::new(null_mut()) }; CAPACITY as usize],
        }
    }
}

impl RunQueue {
    fn slot(&self, position: u32) -> &AtomicPtr<Goroutine> {
        &self.slots[(position % CAPACITY) as usize]
    }

    /// Puts `g` at the end. When it is full, hands `g` and half of what is queued to `overflow` instead. Owner only.
    pub fn push(&self, g: *mut Goroutine, overflow: impl FnOnce(&[*mut Goroutine])) {
        let tail = self.tail.load(Relaxed);
        loop {
            // Acquire: the slots passed are no longer read.
            let head = self.head.load(Acquire);
            if tail.wrapping_sub(head) < CAPACITY {
                self.slot(tail).store(g, Relaxed);
                self.tail.store(tail.wrapping_add(1), Release);
                return;
            }
            let mut batch = [null_mut(); CAPACITY as usize / 2 + 1];
            let count = CAPACITY / 2;
            for index in 0..count {
                batch[index as usize] = self.slot(head.wrapping_add(index)).load(Relaxed);
            }
            let next = head.wrapping_add(count);
            // It fails when somebody stole; then there is room.
            if self
                .head
                .compare_exchange(head, next, Release, Relaxed)
                .is_ok()
            {
                batch[count as usize] = g;
                overflow(&batch);
                return;
            }
        }
    }

    /// Takes the first. Owner only.
    pub fn pop(&self) -> Option<*mut Goroutine> {
        let tail = self.tail.load(Relaxed);
        loop {
            let head = self.head.load(Relaxed);
            if head == tail {
                return None;
            }
            let g = self.slot(head).load(Relaxed);
            if self
                .head
                .compare_exchange_weak(head, head.wrapping_add(1), Release, Relaxed)
                .is_ok()
            {
                return Some(g);
            }
        }
    }

    /// Takes half of what is queued, the larger one: the first is returned, the rest goes to the empty queue `target`,
    /// which the caller owns.
    pub fn steal_into(&self, target: &RunQueue) -> Option<*mut Goroutine> {
        let target_tail = target.tail.load(Relaxed);
        loop {
            // Acquire: whoever moved `head` this far has seen the slots before it.
            let head = self.head.load(Acquire);
            // Acquire: the slots up to it are full.
            let tail = self.tail.load(Acquire);
            let available = tail.wrapping_sub(head);
            if available == 0 {
                return None;
            }
            if available > CAPACITY {
                // The two were not of the same moment.
                continue;
            }
            let count = available - available / 2;
            let first = self.slot(head).load(Relaxed);
            for index in 1..count {
                let g = self.slot(head.wrapping_add(index)).load(Relaxed);
                target
                    .slot(target_tail.wrapping_add(index - 1))
                    .store(g, Relaxed);
            }
            if self
                .head
                .compare_exchange(head, head.wrapping_add(count), Release, Relaxed)
                .is_ok()
            {
                target
                    .tail
                    .store(target_tail.wrapping_add(count - 1), Release);
                return Some(first);
            }
        }
    }

    /// Whether nothing is queued: exact for the owner, a moment's truth for others.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many are queued, likewise.
    pub fn len(&self) -> u32 {
        let head = self.head.load(Acquire);
        self.tail.load(Acquire).wrapping_sub(head).min(CAPACITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicU8};

    /// Queues never look at what they hold.
    fn fake(number: usize) -> *mut Goroutine {
        std::ptr::without_provenance_mut(number + 1)
    }

    #[test]
    fn the_first_in_is_the_first_out() {
        let queue = RunQueue::default();
        for number in 0..3 {
            queue.push(fake(number), |_| panic!("there is room"));
        }
        assert_eq!(queue.len(), 3);
        for number in 0..3 {
            assert_eq!(queue.pop(), Some(fake(number)));
        }
        assert!(queue.is_empty() && queue.pop().is_none());
    }

    #[test]
    fn half_of_a_full_queue_overflows() {
        let queue = RunQueue::default();
        for number in 0..CAPACITY as usize {
            queue.push(fake(number), |_| panic!("there is room"));
        }
        let mut moved = Vec::new();
        queue.push(fake(999), |batch| moved = batch.to_vec());
        assert_eq!(moved.len(), 129);
        assert_eq!((moved[0], moved[128]), (fake(0), fake(999)));
        assert_eq!(queue.pop(), Some(fake(128)));
    }

    #[test]
    fn a_thief_takes_the_larger_half() {
        let (queue, target) = (RunQueue::default(), RunQueue::default());
        (0..5).for_each(|number| queue.push(fake(number), |_| panic!("there is room")));
        assert_eq!(queue.steal_into(&target), Some(fake(0)));
        assert_eq!(
            (target.pop(), target.pop(), target.pop()),
            (Some(fake(1)), Some(fake(2)), None)
        );
        assert_eq!(queue.len(), 2);
    }

    #[test]
    fn nothing_is_lost_or_doubled_among_thieves() {
        const COUNT: usize = 50_000;
        let queue = RunQueue::default();
        let seen: Vec<AtomicU8> = (0..COUNT).map(|_| AtomicU8::new(0)).collect();
        let see = |g: *mut Goroutine| {
            seen[g.addr() - 1].fetch_add(1, Relaxed);
        };
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let own = RunQueue::default();
                    while !is_done.load(Relaxed) {
                        if let Some(g) = queue.steal_into(&own) {
                            see(g);
                        }
                        while let Some(g) = own.pop() {
                            see(g);
                        }
                    }
                });
            }
            for number in 0..COUNT {
                queue.push(fake(number), |batch| batch.iter().copied().for_each(see));
                if number % 3 == 0
                    && let Some(g) = queue.pop()
                {
                    see(g);
                }
            }
            while let Some(g) = queue.pop() {
                see(g);
            }
            is_done.store(true, Relaxed);
        });
        assert!(seen.iter().all(|count| count.load(Relaxed) == 1));
    }
}
