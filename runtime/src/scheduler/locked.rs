//! `runtime.LockOSThread`: a goroutine and the thread it runs on, each for the other only.
//!
//! While they are locked together the goroutine is in the queues like any other. The worker that takes it out gives it its
//! Processor: it hands that to the goroutine's own worker, which sleeps whenever the goroutine does not run. What a worker does
//! that has nothing to run, waiting for timers and noticing that the program is dead, an ordinary worker does for it.
//!
//! Source: the contract is that of Go's `runtime.LockOSThread`.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::blocking::HandOver;
use super::shared::{WorkerHandle, assign, attention, wake};
use super::worker::Worker;
use crate::goroutine::Goroutine;
use crate::{fatal, trap};

/// Locks `g`, which runs, to its thread, once more.
pub fn lock_to_thread(g: &mut Goroutine) {
    g.lock_count += 1;
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    let worker = unsafe { &mut *g.worker };
    worker.handle.locked_to.store(g.id, Relaxed);
    worker.locked = g;
}

/// Undoes one [`lock_to_thread`], if there is one to be undone.
pub fn unlock_from_thread(g: &mut Goroutine) {
    g.lock_count = g.lock_count.saturating_sub(1);
    if g.lock_count == 0 {
        // SAFETY: as above.
        let worker = unsafe { &mut *g.worker };
        worker.handle.locked_to.store(0, Relaxed);
        worker.locked = std::ptr::null_mut();
    }
}

impl Worker {
    /// Gives the Processor to the worker that `g`, just taken from a queue, is locked to. If that does not sleep yet, it uses the
    /// one it still holds.
    #[cold]
    pub(super) fn hand_to_its_worker(&mut self, g: *mut Goroutine) {
        // SAFETY: a worker that is locked to a goroutine is there as long as it is, and never changes its handle.
        let handle = unsafe { Arc::clone(&(*(*g).worker).handle) };
        let mut state = self.scheduler().lock();
        let is_it = |sleeper: &Arc<WorkerHandle>| Arc::ptr_eq(sleeper, &handle);
        let Some(position) = state.locked_workers.iter().position(is_it) else {
            handle.is_own_ready.store(true, Relaxed);
            return;
        };
        state.locked_workers.swap_remove(position);
        assign(&handle, self.slot(), false);
        self.slot = std::ptr::null();
        drop(state);
        wake(Some(handle));
    }

    /// Runs the goroutine this worker is locked to, and nothing else, until they are not locked any more. False when the
    /// worker is to end.
    #[cold]
    pub(super) fn run_locked(&mut self) -> bool {
        while !self.locked.is_null() {
            if !self.hand_over_and_sleep() {
                return false;
            }
            self.execute(self.locked, false);
        }
        if !self.is_to_end {
            return true;
        }
        if !self.can_end {
            // The program's first thread has its status to return.
            self.is_to_end = false;
            return self.hand_over_and_sleep();
        }
        // Without a thread to take its place, it stays.
        self.is_to_end = self.hand_over(|_| true) == HandOver::Done;
        if self.is_to_end {
            self.forget_thread();
        }
        !self.is_to_end
    }

    /// Has others run until somebody hands this worker a Processor, to run its goroutine, which nobody does if that has ended;
    /// false when the program has ended.
    fn hand_over_and_sleep(&mut self) -> bool {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        let handle = Arc::clone(&self.handle);
        let handed_over = self.hand_over(|state| {
            let is_to_sleep = !handle.is_own_ready.swap(false, Relaxed);
            if is_to_sleep {
                state.locked_workers.push(handle);
            }
            is_to_sleep
        });
        match handed_over {
            HandOver::NotWanted => return true,
            HandOver::NotPossible if !scheduler.is_ending() => fatal::no_thread(instance),
            _ => {}
        }
        loop {
            if self.take_assigned() {
                return true;
            }
            if scheduler.attention() & attention::END != 0 {
                return false;
            }
            if trap::is_quitting() {
                fatal::quit(instance, None);
                return false;
            }
            self.handle.parker.wait(None);
        }
    }

    /// The calling thread, which holds no Processor, ends before the program. It touches nothing of the program afterwards.
    fn forget_thread(&self) {
        let scheduler = self.scheduler();
        let own = std::thread::current().id();
        let mut state = scheduler.lock();
        state.threads.retain(|thread| thread.thread().id() != own);
        state
            .workers
            .retain(|handle| !Arc::ptr_eq(handle, &self.handle));
        scheduler.worker_count.fetch_sub(1, Relaxed);
    }
}
