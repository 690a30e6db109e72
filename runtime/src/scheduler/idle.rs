//! Sleeping: how a worker without a Processor waits, for work or for the next timer, and how a program is found dead.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::processor::ProcessorStatus;
use super::shared::{Scheduler, State, attention, is_same, wake};
use super::timer::{TimerAction, Timers};
use super::worker::Worker;
use super::{Origin, spawn};
use crate::fatal;
use crate::goroutine::Goroutine;
use crate::{timer_channel, trap};

impl Worker {
    /// Sleeps until the worker has a Processor; false when the program has ended.
    pub(super) fn wait_for_processor(&mut self) -> bool {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        loop {
            let mut state = scheduler.lock();
            state
                .idle_workers
                .retain(|handle| !Arc::ptr_eq(handle, &self.handle));
            let was_waiter = is_same(state.timer_waiter.as_ref(), Some(&self.handle));
            if was_waiter {
                self.resign_as_waiter(&mut state);
            }
            if self.take_assigned() {
                let successor = state.idle_workers.last().filter(|_| was_waiter).cloned();
                drop(state);
                wake(successor);
                return true;
            }
            if scheduler.attention() & attention::END != 0 {
                return false;
            }
            if trap::is_quitting() {
                drop(state);
                fatal::quit(instance, None);
                return false;
            }
            let (next_ns, now_ns) = (scheduler.next_timer_ns(), instance.now_ns());
            if next_ns <= now_ns {
                if let Some(slot) = scheduler.take_idle(&mut state) {
                    self.slot = slot;
                    return true;
                }
                // All Processors are busy: they look when they switch. In a seeded run they do so anyway, at times of their own.
                if !scheduler.is_serial() {
                    scheduler.call_attention(attention::TIMERS);
                }
            } else if self.is_dead(&state) {
                drop(state);
                fatal::deadlock(instance);
                return false;
            } else if scheduler.is_serial() && is_all_idle(scheduler) {
                if !state.awaiting.is_empty() {
                    self.serve_descriptors(state);
                    continue;
                }
                if next_ns != u64::MAX {
                    // Nothing happens before that.
                    instance.step_clock(Some(next_ns));
                    continue;
                }
            }
            state.idle_workers.push(Arc::clone(&self.handle));
            let timeout_ns = self.become_waiter(&mut state, next_ns, now_ns);
            drop(state);
            self.handle.parker.wait(timeout_ns);
        }
    }

    fn resign_as_waiter(&self, state: &mut State) {
        state.timer_waiter = None;
        self.scheduler()
            .timer_waiter_until_ns
            .store(u64::MAX, Relaxed);
    }

    /// Takes on to wake up for the timer at `next_ns`, if nobody else does: how long to sleep. By the clock's next tick it may
    /// be due: what it was compared with is `now_ns`.
    fn become_waiter(&self, state: &mut State, next_ns: u64, now_ns: u64) -> Option<u64> {
        let scheduler = self.scheduler();
        let is_covered = scheduler.timer_waiter_until_ns.load(Relaxed) <= next_ns;
        if next_ns == u64::MAX || next_ns <= now_ns || is_covered {
            return None;
        }
        state.timer_waiter = Some(Arc::clone(&self.handle));
        scheduler.timer_waiter_until_ns.store(next_ns, Relaxed);
        Some(next_ns - now_ns)
    }

    /// Whether no goroutine will ever run again.
    fn is_dead(&self, state: &State) -> bool {
        let scheduler = self.scheduler();
        state.blocked_count == 0
            && state.global.is_empty()
            && !state.is_stopping
            && is_all_idle(scheduler)
            && !scheduler.has_work()
            && !scheduler.has_timers()
            && !self.instance().finalizers.may_start(self.instance())
    }

    /// Does what is due of all Processors; whether anything was.
    pub(super) fn fire_all_timers(&mut self) -> bool {
        let mut has_fired = false;
        for slot in self.scheduler().slots() {
            has_fired |= self.fire_timers_of(&slot.shared.timers);
        }
        has_fired
    }

    /// Does what is due of its own Processor.
    pub(super) fn fire_timers(&mut self) {
        self.fire_timers_of(&self.slot().shared.timers);
    }

    /// Does what is due of `timers`, on its own Processor; whether anything was.
    fn fire_timers_of(&mut self, timers: &Timers) -> bool {
        let (scheduler, instance) = (self.scheduler(), self.instance());
        if timers.next_ns() == u64::MAX {
            return false;
        }
        let slot = self.slot();
        let mut has_fired = false;
        while timers.next_ns() <= instance.now_ns() {
            // Many may be due at once.
            if scheduler.attention() & attention::STOP != 0 {
                scheduler.stop_here(slot);
            }
            let action = timers.lock().pop_due(instance.now_ns());
            let woken = match action {
                None => break,
                Some((_, TimerAction::Wake(g))) => Some(g),
                Some((id, TimerAction::Receive(channel))) => {
                    // The queue may have been all that kept it.
                    instance.heap.shade_root(channel.addr());
                    // SAFETY: a timer in the queue keeps its channel alive.
                    unsafe { timer_channel::fire(channel, id, instance, slot) }
                }
                Some((_, TimerAction::Call(closure))) => {
                    let Some(new) = spawn(instance, slot, closure, Origin::Timer) else {
                        fatal::out_of_memory(instance);
                    };
                    super::make_next(instance, slot, new, scheduler.idle_count() > 0);
                    has_fired = true;
                    None
                }
            };
            if let Some(g) = woken {
                // SAFETY: whoever waited belongs to its timer, which was just taken out.
                super::end_wait(instance, unsafe { &mut *g });
                super::make_next(instance, slot, g, scheduler.idle_count() > 0);
                has_fired = true;
            }
        }
        has_fired
    }

    /// Has `g`, whose context is saved, wake up at `when_ns`.
    pub(super) fn sleep_until(&mut self, g: *mut Goroutine, when_ns: u64) {
        let timers = &self.slot().shared.timers;
        timers.lock().add(when_ns, TimerAction::Wake(g));
        note_timer(self.scheduler(), when_ns);
    }
}

pub(super) fn is_all_idle(scheduler: &Scheduler) -> bool {
    let is_idle = |slot: &super::ProcessorSlot| slot.shared.status() == ProcessorStatus::Idle;
    scheduler.slots().all(is_idle)
}

/// A timer was added: if it is due before the one that a sleeping worker waits for, that worker is to know.
pub fn note_timer(scheduler: &Scheduler, when_ns: u64) {
    if scheduler.active_count() == 1 || when_ns >= scheduler.timer_waiter_until_ns.load(Relaxed) {
        return;
    }
    let state = scheduler.lock();
    let waiter = state
        .timer_waiter
        .clone()
        .or_else(|| state.idle_workers.last().cloned());
    drop(state);
    wake(waiter);
}

/// A timer of a Processor that is not the caller's is due, or nobody knows whether there will be work: all who work or sleep are
/// to look.
pub fn note_due_timer(scheduler: &Scheduler) {
    if scheduler.is_serial() {
        return;
    }
    scheduler.call_attention(attention::TIMERS);
    let sleeper = scheduler.lock().idle_workers.last().cloned();
    wake(sleeper);
}

/// Forgets that there were Processors too many once nobody holds one.
pub(super) fn settle_surplus(scheduler: &Scheduler) {
    let _state = scheduler.lock();
    let active = scheduler.active_count() as usize;
    let is_settled = scheduler
        .slots()
        .skip(active)
        .all(|slot| slot.shared.status() == ProcessorStatus::Idle);
    if is_settled {
        scheduler.take_attention(attention::SURPLUS);
    }
}
