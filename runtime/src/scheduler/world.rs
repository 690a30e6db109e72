//! Stopping the world: every Processor but one's own is idle, or its worker waits at a safepoint.
//!
//! Who stops it asks all goroutines that run to yield, takes over the Processors of workers in system calls, and waits for
//! the rest. Nothing starts meanwhile: Processors are handed out under the scheduler's lock, and not while the world stops.
//! Goroutines in system calls stay where they are: their contexts are saved, and when the call returns its worker waits for a
//! Processor.

use std::time::{Duration, Instant};

use gc::StopTimes;

use super::processor::{ProcessorSlot, ProcessorStatus};
use super::shared::{Scheduler, attention};
use crate::instance::Instance;

/// How long who stops the world waits before asking again: somebody may have begun to run just after being asked.
const FIRST_WAIT_NS: u64 = 20_000;
const LONGEST_WAIT_NS: u64 = 1_000_000;

/// How long who stops the world and who was stopped look for each other before they sleep. Stops are mostly shorter, and to wake
/// a thread takes longer where its processor is idle: 50 to 100 us in a virtual machine.
const PATIENCE: Duration = Duration::from_micros(100);

/// Whether `is_there` comes true before [`PATIENCE`] ends. Others may have the processor meanwhile.
fn look_for(is_there: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while !is_there() {
        if began.elapsed() > PATIENCE {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

impl Scheduler {
    /// Waits at a safepoint, holding `slot`, until the world is not stopping.
    #[cold]
    pub fn stop_here(&self, slot: &ProcessorSlot) {
        loop {
            let ticket = self.start_gate.ticket();
            // Who stops the world asks the watch once it sees the status.
            if let (Some(watch), Some(worker)) = (&self.stop_watch, slot.shared.holder()) {
                watch.arrive(worker);
            }
            let state = self.lock();
            if !state.is_stopping {
                slot.shared.set_status(ProcessorStatus::Running);
                return;
            }
            slot.shared.set_status(ProcessorStatus::Stopped);
            drop(state);
            self.stop_signal.wake();
            self.await_start(ticket);
        }
    }

    /// Waits until the world starts again, if it has not since the gate gave the ticket.
    pub(super) fn await_start(&self, ticket: u32) {
        if !look_for(|| self.start_gate.was_opened(ticket)) {
            self.start_gate.wait(ticket);
        }
    }

    /// Stops the world around the caller, who holds `own`, or holds no Processor and runs no goroutine. If somebody else does,
    /// the caller is stopped first.
    pub fn stop_world(&self, own: Option<&ProcessorSlot>) -> StopTimes {
        let asked = loop {
            let ticket = self.start_gate.ticket();
            let mut state = self.lock();
            if !state.is_stopping {
                if let Some(watch) = &self.stop_watch {
                    watch.begin(self.running(own).filter_map(|slot| slot.shared.holder()));
                }
                let asked = Instant::now();
                state.is_stopping = true;
                self.call_attention(attention::STOP);
                break asked;
            }
            drop(state);
            match own {
                Some(own) => self.stop_here(own),
                None => self.await_start(ticket),
            }
        };
        let mut wait_ns = FIRST_WAIT_NS;
        while !self.try_stop(own) {
            let is_free = || self.stop_signal.take() || self.running(own).next().is_none();
            if !look_for(is_free) && !self.stop_signal.wait(Some(wait_ns)) {
                wait_ns = (wait_ns * 2).min(LONGEST_WAIT_NS);
            }
        }
        match &self.stop_watch {
            Some(watch) => watch.end(asked),
            None => StopTimes::since(asked),
        }
    }

    /// The Processors that run a goroutine at this moment, but for the caller's.
    fn running(&self, own: Option<&ProcessorSlot>) -> impl Iterator<Item = &ProcessorSlot> {
        self.slots().filter(move |&slot| {
            !own.is_some_and(|own| std::ptr::eq(slot, own))
                && slot.shared.status() == ProcessorStatus::Running
        })
    }

    /// Asks who still runs to stop; whether nobody does.
    fn try_stop(&self, own: Option<&ProcessorSlot>) -> bool {
        let mut state = self.lock();
        let mut is_stopped = true;
        for slot in self.slots() {
            if own.is_some_and(|own| std::ptr::eq(slot, own)) {
                continue;
            }
            if slot.shared.take_from_blocking(ProcessorStatus::Captured) {
                state.blocked_count += 1;
            }
            if matches!(
                slot.shared.status(),
                ProcessorStatus::Running | ProcessorStatus::Blocking
            ) {
                slot.shared.preempt();
                is_stopped = false;
            }
        }
        is_stopped
    }

    /// As [`Self::stop_world`], for the end of the program: the world never starts again, and who does not stop within
    /// `patience` turns is left running. Without `own`, the caller holds no Processor.
    pub fn freeze_world(&self, own: Option<&ProcessorSlot>, patience: u32) {
        for _ in 0..patience {
            let mut state = self.lock();
            if !state.is_stopping {
                state.is_stopping = true;
                self.call_attention(attention::STOP);
                break;
            }
            drop(state);
            match own {
                Some(own) => self.stop_here(own),
                None => std::thread::sleep(std::time::Duration::from_nanos(LONGEST_WAIT_NS)),
            }
        }
        for _ in 0..patience {
            if self.try_stop(own) {
                return;
            }
            self.stop_signal.wait(Some(LONGEST_WAIT_NS));
        }
    }

    /// Starts the world again.
    pub fn start_world(&self, instance: &Instance) {
        let mut state = self.lock();
        state.is_stopping = false;
        self.take_attention(attention::STOP);
        self.make_lacking_processors(&instance.heap, &mut state);
        // The caller holds the Processors it took over, and gives all up before anybody else can stop the world.
        let mut woken = Vec::new();
        for slot in self.slots() {
            if slot.shared.status() == ProcessorStatus::Captured {
                woken.extend(self.release(instance, &mut state, slot).1);
            }
        }
        drop(state);
        self.start_gate.open();
        for handle in woken {
            handle.parker.wake();
        }
        if self.has_work() {
            self.offer(instance);
        }
    }
}
