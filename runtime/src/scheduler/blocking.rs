//! System calls: while a worker waits in one, its Processor can run others.
//!
//! A call that is sure to wait gives the Processor up at once. Most return sooner than that would take: they only mark it as
//! `Blocking`, and take it back by a compare and swap. In between, the monitor takes it for another worker when the call lasts,
//! and whoever stops the world takes it over. The goroutine's context is saved all the while: it is in a runtime call.
//!
//! In a seeded run no call may go on beside the program, for nobody could say when it ends. Calls that wait for a descriptor
//! are not made before it is ready, see [`super::descriptors`]; the others are taken to be quick.

use super::processor::{ProcessorSlot, ProcessorStatus};
use super::shared::{State, wake};
use super::worker::Worker;
use crate::goroutine::Goroutine;
use crate::safepoint;

/// How long a system call is expected to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Microseconds, but perhaps more.
    Short,
    /// Until something happens.
    Long,
}

/// What became of a [`Worker::hand_over`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HandOver {
    /// Another worker has the Processor.
    Done,
    /// The caller has it, and has something to do.
    NotWanted,
    /// The caller has it, for there is no thread for another worker, or the program ends.
    NotPossible,
}

/// Makes a system call for `g`, which runs: `call` uses nothing of the Processor, the heap's contents excepted. Afterwards the
/// Processor may be another one.
pub fn blocking<T>(g: &mut Goroutine, wait: Wait, call: impl FnOnce() -> T) -> T {
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    let worker = unsafe { &mut *g.worker };
    let slot = worker.slot();
    if worker.scheduler().is_serial() {
        if wait == Wait::Short {
            return call();
        }
        // Counted first: the program is not dead because all others wait.
        let handed_over = worker.hand_over(|state| {
            state.blocked_count += 1;
            true
        });
        let result = call();
        if handed_over == HandOver::Done {
            worker.end_long_wait(g, slot.shared.id);
        } else {
            worker.scheduler().lock().blocked_count -= 1;
        }
        return result;
    }
    if wait == Wait::Long && worker.begin_long_wait() {
        let result = call();
        worker.end_long_wait(g, slot.shared.id);
        return result;
    }
    let number = slot.shared.begin_blocking();
    let result = call();
    if !slot.shared.end_blocking(number) {
        worker.end_long_wait(g, slot.shared.id);
    }
    result
}

impl Worker {
    /// Gives the Processor up; not while the world stops.
    fn begin_long_wait(&mut self) -> bool {
        let scheduler = self.scheduler();
        let mut state = scheduler.lock();
        if state.is_stopping || scheduler.is_ending() {
            return false;
        }
        state.blocked_count += 1;
        let (_, woken) = scheduler.release(self.instance(), &mut state, self.slot());
        drop(state);
        self.slot = std::ptr::null();
        wake(woken);
        true
    }

    /// Gives the Processor to another worker, whatever there is to do: a caller that sleeps for something of its own cannot be
    /// the one who waits for timers, or notices that nothing will happen any more. Before that, under the lock, `note` notes
    /// what it sleeps for; if it is not to sleep after all, nothing is done.
    pub(super) fn hand_over(&mut self, note: impl FnOnce(&mut State) -> bool) -> HandOver {
        let (scheduler, instance, slot) = (self.scheduler(), self.instance(), self.slot());
        let mut state = scheduler.lock();
        while state.is_stopping {
            drop(state);
            scheduler.stop_here(slot);
            state = scheduler.lock();
        }
        if !note(&mut state) {
            return HandOver::NotWanted;
        }
        if scheduler.is_ending() {
            return HandOver::NotPossible;
        }
        let (is_idle, mut woken) = scheduler.release(instance, &mut state, slot);
        if is_idle && let Some(other) = scheduler.take_idle(&mut state) {
            woken = scheduler.start_worker(instance, &mut state, other, false);
        }
        let is_surplus = slot.shared.id >= scheduler.active_count();
        if is_surplus || slot.shared.status() != ProcessorStatus::Idle {
            self.slot = std::ptr::null();
            drop(state);
            wake(woken);
            return HandOver::Done;
        }
        scheduler.take_back(&mut state, slot);
        HandOver::NotPossible
    }

    /// Gets a Processor for `g` to go on with.
    fn end_long_wait(&mut self, g: &mut Goroutine, preferred: u32) {
        self.slot = std::ptr::null();
        let slot = self
            .scheduler()
            .acquire(self.instance(), &self.handle, preferred);
        self.go_on_with(g, slot);
    }

    /// Goes on with `g` on `slot`, which the worker was given.
    pub(super) fn go_on_with(&mut self, g: &mut Goroutine, slot: &ProcessorSlot) {
        self.slot = slot;
        slot.shared.set_current(g);
        slot.shared.begin_slice();
        // SAFETY: the worker holds it.
        g.block.cache = (&raw mut *unsafe { slot.own() }.cache).cast();
        safepoint::before_run(g);
    }
}
