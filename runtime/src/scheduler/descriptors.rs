//! Waiting for descriptors in a seeded run: pipes, terminals, and whatever else a read or a write may have to wait for.
//!
//! The call is made only once it need not wait. Until then its goroutine is off: the worker sleeps, and another one runs the
//! Processor. Whether a descriptor is ready is asked at places that the schedule determines: every so many switches, and when
//! nothing else can run. So what goroutines write to each other through pipes is the same in every run with the same seed. What
//! comes from outside is as well, unless the program does something else meanwhile.
//!
//! While nothing can run but at a time to come, or when something arrives from outside, time passes as it does outside.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use gc::sync::RankedGuard;

use super::blocking::HandOver;
use super::idle::is_all_idle;
use super::shared::{Scheduler, State, WorkerHandle, assign, attention, wake};
use super::worker::Worker;
use crate::goroutine::Goroutine;

/// A worker whose goroutine waits for a descriptor. It is counted as blocked.
#[derive(Debug)]
pub struct Awaiting {
    handle: Arc<WorkerHandle>,
    descriptor: i32,
    direction: Direction,
}

/// What a goroutine is going to do with a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Read from it.
    Read,
    /// Write to it.
    Write,
}

impl Direction {
    fn events(self) -> i16 {
        match self {
            Direction::Read => libc::POLLIN,
            Direction::Write => libc::POLLOUT,
        }
    }
}

/// Bytes that can be written to a descriptor that is ready, without waiting.
const ROOM_BYTES: usize = libc::PIPE_BUF;

/// In a seeded run: waits until `descriptor` is ready, and says how many bytes can then be written without waiting. `None`
/// in other runs, whose calls may wait. Afterwards the goroutine may have been off its Processor.
pub fn await_descriptor(g: &mut Goroutine, descriptor: i32, direction: Direction) -> Option<usize> {
    // SAFETY: the goroutine runs, so its worker is the one whose thread this is.
    let worker = unsafe { &mut *g.worker };
    if !worker.scheduler().is_serial() {
        return None;
    }
    // Nobody waits for what is no descriptor at all.
    if descriptor >= 0 && !is_any_ready(&mut [entry(descriptor, direction)], Some(0)) {
        worker.wait_for_descriptor(g, descriptor, direction);
    }
    Some(ROOM_BYTES)
}

fn entry(descriptor: i32, direction: Direction) -> libc::pollfd {
    libc::pollfd {
        fd: descriptor,
        events: direction.events(),
        revents: 0,
    }
}

/// Waits until one of the descriptors is ready, at most `timeout_ns`; whether one is. What is no open descriptor is ready: the
/// call will say so.
fn is_any_ready(entries: &mut [libc::pollfd], timeout_ns: Option<u64>) -> bool {
    let timeout = timeout_ns.map(|ns| libc::timespec {
        tv_sec: (ns / 1_000_000_000).min(i64::MAX as u64) as libc::time_t,
        tv_nsec: (ns % 1_000_000_000) as libc::c_long,
    });
    let timeout = timeout
        .as_ref()
        .map_or(std::ptr::null(), |timeout| &raw const *timeout);
    // SAFETY: the entries are writable, and the time lives through the call.
    let count = unsafe {
        libc::ppoll(
            entries.as_mut_ptr(),
            entries.len() as libc::nfds_t,
            timeout,
            std::ptr::null(),
        )
    };
    count > 0
}

fn entries(awaiting: &[Awaiting]) -> Vec<libc::pollfd> {
    let entries = awaiting
        .iter()
        .map(|waiter| entry(waiter.descriptor, waiter.direction));
    entries.collect()
}

impl Scheduler {
    fn note_awaiting(&self, state: &State) {
        self.awaiting_count.store(state.awaiting.len(), Relaxed);
    }
}

impl Worker {
    /// Has another worker run the Processor until `descriptor` is ready.
    fn wait_for_descriptor(&mut self, g: &mut Goroutine, descriptor: i32, direction: Direction) {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        let handle = Arc::clone(&self.handle);
        let handed_over = self.hand_over(|state| {
            state.blocked_count += 1;
            state.awaiting.push(Awaiting {
                handle,
                descriptor,
                direction,
            });
            scheduler.note_awaiting(state);
            true
        });
        if handed_over != HandOver::Done {
            // No thread can be had: the others wait too.
            let mut state = scheduler.lock();
            state.blocked_count -= 1;
            state
                .awaiting
                .retain(|waiter| !Arc::ptr_eq(&waiter.handle, &self.handle));
            scheduler.note_awaiting(&state);
            drop(state);
            is_any_ready(&mut [entry(descriptor, direction)], None);
            return;
        }
        let slot = scheduler.wait_for_assignment(instance, &self.handle);
        self.go_on_with(g, slot);
    }

    /// Of the goroutines whose descriptors are ready one, as chance has it, is to go on, in place of this worker's next.
    pub(super) fn yield_to_ready_descriptor(&mut self) -> bool {
        let scheduler = self.scheduler();
        if scheduler.awaiting_count.load(Relaxed) == 0 {
            return false;
        }
        let mut state = scheduler.lock();
        let Some(handle) = self.take_ready(&mut state) else {
            return false;
        };
        state.waiting.push_back(handle);
        scheduler.call_attention(attention::WAITING);
        true
    }

    /// Takes a worker whose descriptor is ready, as chance has it.
    fn take_ready(&self, state: &mut State) -> Option<Arc<WorkerHandle>> {
        let mut polled = entries(&state.awaiting);
        if !is_any_ready(&mut polled, Some(0)) {
            return None;
        }
        let ready = (0..polled.len()).filter(|&index| polled[index].revents != 0);
        let ready: Vec<usize> = ready.collect();
        // SAFETY: one worker runs in a seeded run, or none: then whoever holds the lock on the state is alone.
        let random = &mut unsafe { self.scheduler().slot(0).own() }.random;
        let chosen = ready[random.below(ready.len() as u64) as usize];
        let handle = state.awaiting.remove(chosen).handle;
        self.scheduler().note_awaiting(state);
        Some(handle)
    }

    /// Nothing runs, and goroutines wait for descriptors: has one go on if it can; else waits until one can, or the next timer
    /// is due.
    pub(super) fn serve_descriptors(&self, mut state: RankedGuard<'_, State>) {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        if let Some(handle) = self.take_ready(&mut state) {
            if let Some(slot) = scheduler.take_idle(&mut state) {
                assign(&handle, slot, false);
                drop(state);
                wake(Some(handle));
            }
            return;
        }
        let next_ns = scheduler.next_timer_ns();
        let timeout_ns = (next_ns != u64::MAX).then(|| next_ns.saturating_sub(instance.now_ns()));
        let mut polled = entries(&state.awaiting);
        drop(state);
        if is_any_ready(&mut polled, timeout_ns) {
            return;
        }
        // A signal may have cut it short; time goes on all the same.
        let _state = scheduler.lock();
        if timeout_ns.is_some() && is_all_idle(scheduler) && scheduler.next_timer_ns() == next_ns {
            instance.step_clock(Some(next_ns));
        }
    }
}
