//! `Waiter` and `WaitQueue`: goroutines that wait for one thing, in order of arrival.
//!
//! A waiter is part of its goroutine (or of its `SelectWait`), so waiting allocates nothing, and leaving the middle of a
//! queue, which `select` does, takes constant time. Whoever takes a waiter out owns the goroutine and must make it ready.
//!
//! A queue and the waiters in it are used under the lock of what it belongs to.

use crate::sync::atomic::AtomicPtr;
use crate::sync::atomic::Ordering::{AcqRel, Relaxed};
use std::ptr::null_mut;

use crate::goroutine::Goroutine;

/// A goroutine's place in a queue.
#[derive(Debug)]
pub struct Waiter {
    /// Who waits.
    pub goroutine: *mut Goroutine,
    /// Where the element is or goes; never on the control stack. Null for one that is dropped.
    pub element: *mut u8,
    /// The element itself, if `has_word`.
    pub word: u64,
    /// Whether the element is in `word` instead of at `element`.
    pub has_word: bool,
    /// Its case, of a `select`; [`Waiter::ALONE`] otherwise.
    pub case: u32,
    /// Whether it is in a queue.
    pub is_queued: bool,
    previous: *mut Waiter,
    next: *mut Waiter,
}

impl Waiter {
    /// The case number of one that is not in a `select`.
    pub const ALONE: u32 = u32::MAX;

    /// A waiter of `goroutine`, in no queue yet, whose element is at `element`.
    pub fn new(goroutine: *mut Goroutine, element: *mut u8, case: u32) -> Self {
        Self {
            goroutine,
            element,
            case,
            ..Self::default()
        }
    }

    /// Where its element is.
    pub fn slot(&mut self) -> *mut u8 {
        if self.has_word {
            (&raw mut self.word).cast()
        } else {
            self.element
        }
    }

    /// Whether its goroutine waits in a `select`.
    pub fn is_select(&self) -> bool {
        self.case != Self::ALONE
    }
}

impl Default for Waiter {
    fn default() -> Self {
        Self {
            goroutine: null_mut(),
            element: null_mut(),
            word: 0,
            has_word: false,
            case: Self::ALONE,
            is_queued: false,
            previous: null_mut(),
            next: null_mut(),
        }
    }
}

/// Waiters in order of arrival.
#[repr(C)]
#[derive(Debug)]
pub struct WaitQueue {
    /// Changed under the lock of what the queue belongs to; [`WaitQueue::is_empty`] may be asked without.
    first: AtomicPtr<Waiter>,
    last: *mut Waiter,
}

impl Default for WaitQueue {
    fn default() -> Self {
        Self {
            first: AtomicPtr::new(null_mut()),
            last: null_mut(),
        }
    }
}

impl WaitQueue {
    fn first(&self) -> *mut Waiter {
        self.first.load(Relaxed)
    }

    /// Whether nobody waits; without the lock, whether nobody did a moment ago.
    pub fn is_empty(&self) -> bool {
        self.first().is_null()
    }

    /// Adds `waiter` at the end.
    ///
    /// # Safety
    /// `waiter` is in no queue, and stays where it is until it is taken out.
    pub unsafe fn push(&mut self, waiter: *mut Waiter) {
        // SAFETY: the caller vouches for `waiter`; those in the queue are valid likewise.
        unsafe {
            debug_assert!(!(*waiter).is_queued);
            (*waiter).is_queued = true;
            (*waiter).next = null_mut();
            (*waiter).previous = self.last;
            if self.last.is_null() {
                self.first.store(waiter, Relaxed);
            } else {
                (*self.last).next = waiter;
            }
        }
        self.last = waiter;
    }

    /// Adds `waiter` in front.
    ///
    /// # Safety
    /// As [`Self::push`].
    pub unsafe fn push_front(&mut self, waiter: *mut Waiter) {
        // SAFETY: as in `push`.
        unsafe {
            debug_assert!(!(*waiter).is_queued);
            (*waiter).is_queued = true;
            (*waiter).previous = null_mut();
            (*waiter).next = self.first();
            if self.is_empty() {
                self.last = waiter;
            } else {
                (*self.first()).previous = waiter;
            }
        }
        self.first.store(waiter, Relaxed);
    }

    /// Takes out the first.
    pub fn pop(&mut self) -> Option<*mut Waiter> {
        let first = self.first();
        if first.is_null() {
            return None;
        }
        // SAFETY: it is in this queue.
        unsafe { self.remove(first) };
        Some(first)
    }

    /// Takes out the first that still waits. One of a `select` that another channel's taker has woken stays behind in other
    /// queues for a moment, and is dropped here.
    pub fn pop_waiting(&mut self) -> Option<*mut Waiter> {
        loop {
            let waiter = self.pop()?;
            // SAFETY: just taken out.
            if unsafe { claim(waiter) } {
                return Some(waiter);
            }
        }
    }

    /// Takes out `waiter`.
    ///
    /// # Safety
    /// It is in this queue.
    pub unsafe fn remove(&mut self, waiter: *mut Waiter) {
        // SAFETY: it and its neighbours are valid: `push` demands it.
        unsafe {
            let (previous, next) = ((*waiter).previous, (*waiter).next);
            if previous.is_null() {
                self.first.store(next, Relaxed);
            } else {
                (*previous).next = next;
            }
            if next.is_null() {
                self.last = previous;
            } else {
                (*next).previous = previous;
            }
            (*waiter).is_queued = false;
        }
    }
}

/// Whether `waiter` still waits, and then is the caller's.
///
/// # Safety
/// It was taken out of its queue, under a lock that is still held.
pub unsafe fn claim(waiter: *mut Waiter) -> bool {
    // SAFETY: a waiter in a queue is valid, and so is its goroutine, of which only the flag is used.
    unsafe {
        !(*waiter).is_select()
            || !(*std::ptr::addr_of!((*(*waiter).goroutine).select_is_won)).swap(true, AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiters_leave_in_order_and_from_the_middle() {
        let mut waiters: Vec<Box<Waiter>> = (0..4)
            .map(|case| {
                Box::new(Waiter {
                    case,
                    ..Waiter::default()
                })
            })
            .collect();
        let pointers: Vec<*mut Waiter> =
            waiters.iter_mut().map(|waiter| &raw mut **waiter).collect();
        let mut queue = WaitQueue::default();
        // SAFETY: the boxes stay where they are.
        unsafe {
            queue.push(pointers[1]);
            queue.push(pointers[2]);
            queue.push(pointers[3]);
            queue.push_front(pointers[0]);
            queue.remove(pointers[2]);
        }
        assert_eq!(queue.pop(), Some(pointers[0]));
        assert_eq!(queue.pop(), Some(pointers[1]));
        // SAFETY: it is the only one left.
        unsafe { queue.remove(pointers[3]) };
        assert!(queue.is_empty() && queue.pop().is_none());
    }
}
