//! System calls: while a worker waits in one, its Processor can run others.
//!
//! A call that is sure to wait gives the Processor up at once. Most return sooner than that would take: they only mark it as
//! `Blocking`, and take it back by a compare and swap. In between, the monitor takes it for another worker when the call lasts,
//! and whoever stops the world takes it over. The goroutine's context is saved all the while: it is in a runtime call.

use super::shared::wake;
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

/// Makes a system call for `g`, which runs: `call` uses nothing of the Processor, the heap's contents excepted. Afterwards the
/// Processor may be another one.
pub fn blocking<T>(g: &mut Goroutine, wait: Wait, call: impl FnOnce() -> T) -> T {
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    let worker = unsafe { &mut *g.worker };
    if worker.scheduler().is_serial() {
        return call();
    }
    let slot = worker.slot();
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

    /// Gets a Processor for `g` to go on with.
    fn end_long_wait(&mut self, g: &mut Goroutine, preferred: u32) {
        self.slot = std::ptr::null();
        let slot = self.scheduler().acquire(&self.handle, preferred);
        self.slot = slot;
        slot.shared.set_current(g);
        slot.shared.begin_slice();
        // SAFETY: the worker holds it.
        g.block.cache = (&raw mut *unsafe { slot.own() }.cache).cast();
        safepoint::before_run(g);
    }
}
