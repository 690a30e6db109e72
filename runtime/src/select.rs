//! `select`: one of several sends and receives.
//!
//! Of the cases that can proceed at once, each is equally likely to be taken. If none can and there is no default, the
//! goroutine waits in the queues of all channels.
//!
//! What must hold:
//! - There is one winner: whoever takes a waiter out of a queue has woken the goroutine only if it was the first to set
//!   `select_is_won`. The other waiters are left behind, and taken out by the goroutine's worker before it goes on.
//! - "None can proceed" is said with all channels locked. Their locks are taken in order of addresses.
//!
//! Most often some case is ready and nobody interferes, so first it is looked without locks which cases are, and one of those is
//! tried under its own lock.
//!
//! Source: Go's `select.go`.

use crate::sync::atomic::Ordering::Relaxed;

use gc::RootVisitor;

use crate::abi::SelectCaseRecord;
use crate::channel::{self, Attempt, Channel};
use crate::goroutine::{Goroutine, WaitReason};
use crate::instance::Instance;
use crate::panic;
use crate::scheduler::{self, ParkedUnder, instance_of, processor_of, slot_of};
use crate::timer_channel;
use crate::wait_queue::Waiter;

/// The waiters of a goroutine in a `select`. Kept for the next one.
#[derive(Debug, Default)]
pub struct SelectWait {
    waiters: Vec<SelectWaiter>,
    /// Its channels in order of addresses, each once, while they are locked.
    locked: Vec<*mut Channel>,
}

#[derive(Debug)]
struct SelectWaiter {
    waiter: Waiter,
    channel: *mut Channel,
    is_send: bool,
}

impl SelectWait {
    /// Hands the addresses of the elements to `roots`; channels and elements are also in the goroutine's object frame.
    pub fn visit_roots(&self, roots: &mut RootVisitor<'_, '_>) {
        for waiter in &self.waiters {
            roots.visit_conservative(waiter.waiter.element.addr());
            roots.visit_conservative(waiter.channel.addr());
        }
    }

    /// Locks the channels of `cases`.
    ///
    /// # Safety
    /// They are nil or live channels.
    unsafe fn lock(&mut self, cases: &[SelectCaseRecord]) {
        self.locked.clear();
        let channels = cases.iter().map(channel_of);
        self.locked
            .extend(channels.filter(|channel| !channel.is_null()));
        self.locked.sort_unstable();
        self.locked.dedup();
        for &channel in &self.locked {
            // SAFETY: the caller's.
            unsafe { (*channel).lock.lock() };
        }
    }

    /// Unlocks them. With the last, the goroutine may be somebody else's, and this with it.
    fn unlock(&mut self) {
        let locked = std::mem::take(&mut self.locked);
        for &channel in &locked {
            // SAFETY: they were locked in `lock`, and the goroutine keeps them alive until all are unlocked: before it goes
            // on, its worker locks each.
            unsafe { (*channel).lock.unlock() };
        }
    }
}

/// Takes `g`, which was woken and is about to go on, out of the queues in which it still is.
pub fn leave_queues(g: &mut Goroutine) {
    let instance = instance_of(g);
    let Some(select) = g.select.as_mut() else {
        return;
    };
    // By pointers: siblings may be neighbours in one queue, which `remove` links to each other.
    let siblings = select.waiters.as_mut_ptr();
    for index in 0..select.waiters.len() {
        // SAFETY: the waiters are where they were queued; the goroutine's frame keeps their channels alive, each of which is
        // used under its lock.
        unsafe {
            let sibling = siblings.add(index);
            let Some(channel) = (*sibling).channel.as_mut() else {
                continue;
            };
            channel.lock.lock();
            if (*sibling).waiter.is_queued {
                let waiter = &raw mut (*sibling).waiter;
                if (*sibling).is_send {
                    channel.senders.remove(waiter);
                } else {
                    channel.receivers.remove(waiter);
                    if channel.is_timer() {
                        timer_channel::end_waiting(channel, instance);
                    }
                }
            }
            channel.lock.unlock();
        }
    }
    select.waiters.clear();
}

/// Unlocks the channels of a `select` in which `g` has parked.
#[expect(
    clippy::not_unsafe_ptr_arg_deref,
    reason = "goroutines live as long as their program"
)]
pub fn unlock_channels(g: *mut Goroutine) {
    // SAFETY: as long as one of the channels is locked, nobody has taken the goroutine further than to that lock.
    if let Some(select) = unsafe { (*g).select.as_mut() } {
        select.unlock();
    }
}

/// The channel of a case; null never proceeds.
fn channel_of(case: &SelectCaseRecord) -> *mut Channel {
    case.channel.cast()
}

/// Whether the case can proceed at once, if only to panic, or could a moment ago.
///
/// # Safety
/// Its channel is nil or a channel.
unsafe fn seems_ready(case: &SelectCaseRecord, instance: &Instance) -> bool {
    // SAFETY: the caller vouches for it.
    let Some(channel) = (unsafe { channel_of(case).as_ref() }) else {
        return false;
    };
    if case.is_send != 0 {
        channel.seems_ready_to_take()
    } else {
        channel.seems_ready_to_give(instance)
    }
}

/// Tries a case, under its channel's lock.
///
/// # Safety
/// Its channel is live, and the lock held; its element is of the channel's type.
unsafe fn attempt(g: &Goroutine, case: &SelectCaseRecord) -> (Attempt, Option<*mut Waiter>) {
    // SAFETY: the caller's.
    unsafe {
        let channel = &mut *channel_of(case);
        if case.is_send != 0 {
            channel.try_send(g, case.element)
        } else {
            channel.try_receive(g, case.element)
        }
    }
}

/// Queues `g` on all channels, which are locked, and parks it.
///
/// # Safety
/// The cases' channels are live.
unsafe fn wait(g: &mut Goroutine, cases: &[SelectCaseRecord]) {
    let (goroutine, instance, slot): (*mut Goroutine, _, _) = (g, instance_of(g), slot_of(g));
    g.select_is_won.store(false, Relaxed);
    let select = g.select.get_or_insert_default();
    select.waiters.clear();
    select
        .waiters
        .extend(cases.iter().enumerate().map(|(index, case)| SelectWaiter {
            waiter: Waiter::new(goroutine, case.element, index as u32),
            channel: channel_of(case),
            is_send: case.is_send != 0,
        }));
    for waiter in &mut select.waiters {
        // SAFETY: the caller vouches for the channels; the waiters stay where they are while the goroutine waits.
        unsafe {
            let Some(channel) = waiter.channel.as_mut() else {
                continue;
            };
            if waiter.is_send {
                channel.senders.push(&raw mut waiter.waiter);
            } else {
                channel.receivers.push(&raw mut waiter.waiter);
                if channel.is_timer() {
                    timer_channel::begin_waiting(channel, instance, slot);
                }
            }
        }
    }
    let reason = if cases.is_empty() {
        WaitReason::SelectNoCases
    } else {
        WaitReason::Select
    };
    scheduler::park(g, reason, ParkedUnder::SelectedChannels);
}

/// Ends the call with case `index`, whose attempt succeeded and took out `waiter`; no lock is held.
fn proceed(
    g: &mut Goroutine,
    cases: &[SelectCaseRecord],
    index: usize,
    attempt: Attempt,
    waiter: Option<*mut Waiter>,
) -> (u64, u64) {
    if let Some(waiter) = waiter {
        // SAFETY: the attempt took it out.
        unsafe { channel::finish(g, waiter, true) };
    }
    if attempt == Attempt::Closed && cases[index].is_send != 0 {
        let value = channel::send_on_closed(g);
        panic::start(g, value);
    }
    (index as u64, u64::from(attempt == Attempt::Done))
}

/// Tries one of the cases that seem ready, without looking at all of them at one moment.
///
/// # Safety
/// The cases' channels are nil or live.
unsafe fn try_one(
    g: &mut Goroutine,
    cases: &[SelectCaseRecord],
) -> Option<(usize, Attempt, Option<*mut Waiter>)> {
    // SAFETY: the caller's.
    let is_ready = |case: &SelectCaseRecord| unsafe { seems_ready(case, instance_of(g)) };
    let ready_count = cases.iter().filter(|&case| is_ready(case)).count() as u64;
    let choice = match ready_count {
        0 => return None,
        1 => 0,
        _ => processor_of(g).random.below(ready_count),
    };
    // Others may have come in between; then perhaps there is no such case.
    let index = (0..cases.len())
        .filter(|&index| is_ready(&cases[index]))
        .nth(choice as usize)?;
    let case = &cases[index];
    // SAFETY: a case that seems ready has a channel.
    let (attempt, waiter) = unsafe {
        (*channel_of(case)).lock.lock();
        let attempted = attempt(g, case);
        (*channel_of(case)).lock.unlock();
        attempted
    };
    (attempt != Attempt::WouldBlock).then_some((index, attempt, waiter))
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};

    /// The index of the case taken (-1 for the default), and whether a receive got an element.
    ///
    /// # Safety
    /// Called by its trampoline, with `count` cases in an object frame.
    pub(crate) unsafe extern "sysv64" fn select(
        g: *mut Goroutine,
        cases: *const SelectCaseRecord,
        count: Word,
        has_default: Word,
    ) -> Pair {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        let cases: &[SelectCaseRecord] = if count == 0 {
            &[]
        } else {
            // SAFETY: compiled code laid them out.
            unsafe { std::slice::from_raw_parts(cases, count as usize) }
        };
        // SAFETY: channel values are nil or channels.
        if let Some((index, attempt, waiter)) = unsafe { try_one(g, cases) } {
            let (case, was_received) = proceed(g, cases, index, attempt, waiter);
            return Pair(case, was_received);
        }
        // One case alone was looked at in one moment.
        if has_default != 0 && count <= 1 {
            return Pair(u64::MAX, 0);
        }
        let mut select = g.select.take().unwrap_or_default();
        // SAFETY: as above.
        unsafe { select.lock(cases) };
        let first = match cases.len() as u64 {
            0 => 0,
            count => processor_of(g).random.below(count) as usize,
        };
        for offset in 0..cases.len() {
            let index = (first + offset) % cases.len();
            if channel_of(&cases[index]).is_null() {
                continue;
            }
            // SAFETY: the channel is locked.
            let (attempt, waiter) = unsafe { attempt(g, &cases[index]) };
            if attempt != Attempt::WouldBlock {
                select.unlock();
                g.select = Some(select);
                let (case, was_received) = proceed(g, cases, index, attempt, waiter);
                return Pair(case, was_received);
            }
        }
        if has_default != 0 {
            select.unlock();
            g.select = Some(select);
            return Pair(u64::MAX, 0);
        }
        g.select = Some(select);
        // SAFETY: as above.
        unsafe { wait(g, cases) };
        Pair(0, 0)
    }
}
