//! Semaphores of the library: words in the heap, and queues of those who wait for them.
//!
//! A word changes under the lock of its bucket only, so that nobody can miss a release between finding 0 and waiting.
//!
//! Source: Go's `sema.go`.

use std::cell::UnsafeCell;
use std::collections::HashMap;

use crate::goroutine::{Goroutine, WaitReason};
use crate::scheduler::{self, ParkedUnder, instance_of};
use crate::spin_lock::SpinLock;
use crate::wait_queue::{WaitQueue, Waiter};

/// Buckets that words are spread over. A prime, since addresses have patterns.
const BUCKET_COUNT: usize = 61;

/// Who waits for which word.
pub struct SemaphoreTable {
    buckets: [Bucket; BUCKET_COUNT],
}

/// Some of the words.
#[derive(Default)]
#[repr(align(64))]
struct Bucket {
    lock: SpinLock,
    /// Under the lock. A word has an entry only while somebody waits for it.
    queues: UnsafeCell<HashMap<usize, WaitQueue>>,
}

// SAFETY: the queues, and the waiters in them, are used under the lock.
unsafe impl Send for Bucket {}
// SAFETY: likewise.
unsafe impl Sync for Bucket {}

impl Default for SemaphoreTable {
    fn default() -> Self {
        Self {
            buckets: std::array::from_fn(|_| Bucket::default()),
        }
    }
}

impl SemaphoreTable {
    fn bucket(&self, address: usize) -> &Bucket {
        &self.buckets[(address >> 2) % BUCKET_COUNT]
    }
}

/// Takes 1 off the word at `address`, waiting until that is possible. `is_first` puts it before others who wait.
///
/// # Safety
/// `address` is that of a word the program keeps alive while it waits: the waiter is a root.
pub unsafe fn acquire(g: &mut Goroutine, address: *mut u32, reason: WaitReason, is_first: bool) {
    let bucket = instance_of(g).semaphores.bucket(address.addr());
    let goroutine: *mut Goroutine = g;
    bucket.lock.lock();
    // SAFETY: the caller vouches for the address; the word changes under this lock.
    let count = unsafe { &mut *address };
    if *count > 0 {
        *count -= 1;
        bucket.lock.unlock();
        return;
    }
    g.waiter = Waiter::new(goroutine, address.cast(), Waiter::ALONE);
    let waiter = &raw mut g.waiter;
    // SAFETY: under the lock.
    let queue = unsafe { &mut *bucket.queues.get() }
        .entry(address.addr())
        .or_default();
    // SAFETY: the waiter was in no queue, and the goroutine does not move.
    unsafe {
        if is_first {
            queue.push_front(waiter);
        } else {
            queue.push(waiter);
        }
    }
    scheduler::park(g, reason, ParkedUnder::Lock(&raw const bucket.lock));
}

/// Gives 1 to whoever has waited longest for the word at `address`, or adds it if nobody waits.
///
/// # Safety
/// As [`acquire`].
pub unsafe fn release(g: &mut Goroutine, address: *mut u32) {
    let bucket = instance_of(g).semaphores.bucket(address.addr());
    bucket.lock.lock();
    // SAFETY: under the lock.
    let queues = unsafe { &mut *bucket.queues.get() };
    let Some(queue) = queues.get_mut(&address.addr()) else {
        // SAFETY: the caller vouches for the address; the word changes under this lock.
        unsafe { *address += 1 };
        bucket.lock.unlock();
        return;
    };
    let waiter = queue.pop().expect("a queue in the table is not empty");
    if queue.is_empty() {
        queues.remove(&address.addr());
    }
    bucket.lock.unlock();
    // SAFETY: a waiter taken out belongs to the taker.
    scheduler::ready(g, unsafe { (*waiter).goroutine });
}
