//! Semaphores of the library: words in the heap, and queues of those who wait for them.

use std::collections::HashMap;

use crate::goroutine::{Goroutine, WaitReason};
use crate::scheduler::{self, instance_of};
use crate::wait_queue::{WaitQueue, Waiter};

/// Who waits for which word. A word has an entry only while somebody does.
#[derive(Debug, Default)]
pub struct SemaphoreTable {
    queues: HashMap<usize, Box<WaitQueue>>,
}

// SAFETY: the waiters queued belong to goroutines that wait; only workers, under the table's lock, touch them.
unsafe impl Send for SemaphoreTable {}

/// Takes 1 off the word at `address`, waiting until that is possible. `is_first` puts it before others who wait.
///
/// # Safety
/// `address` is that of a word the program keeps alive while it waits: the waiter is a root.
pub unsafe fn acquire(g: &mut Goroutine, address: *mut u32, reason: WaitReason, is_first: bool) {
    // SAFETY: the caller vouches for the address.
    let count = unsafe { &mut *address };
    if *count > 0 {
        *count -= 1;
        return;
    }
    let goroutine: *mut Goroutine = g;
    g.waiter = Waiter::new(goroutine, address.cast(), Waiter::ALONE);
    let waiter = &raw mut g.waiter;
    let mut table = instance_of(g).semaphores.lock();
    let queue = table.queues.entry(address.addr()).or_default();
    // SAFETY: the waiter was in no queue, and the goroutine does not move.
    unsafe {
        if is_first {
            queue.push_front(waiter);
        } else {
            queue.push(waiter);
        }
    }
    drop(table);
    scheduler::park(g, reason);
}

/// Gives 1 to whoever has waited longest for the word at `address`, or adds it if nobody waits.
///
/// # Safety
/// As [`acquire`].
pub unsafe fn release(g: &mut Goroutine, address: *mut u32) {
    let mut table = instance_of(g).semaphores.lock();
    let Some(queue) = table.queues.get_mut(&address.addr()) else {
        // SAFETY: the caller vouches for the address.
        unsafe { *address += 1 };
        return;
    };
    let waiter = queue.pop().expect("a queue in the table is not empty");
    if queue.is_empty() {
        table.queues.remove(&address.addr());
    }
    drop(table);
    // SAFETY: a waiter taken out belongs to the taker.
    scheduler::ready(g, unsafe { (*waiter).goroutine });
}
