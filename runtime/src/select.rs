//! `select`: one of several sends and receives.
//!
//! Of the cases that can proceed at once, each is equally likely to be taken. If none can and there is no default, the
//! goroutine waits in the queues of all channels; whoever first takes one of its waiters out takes the others out too, so
//! there is one winner.
//!
//! With several workers the channels will be locked in order of their addresses.

use gc::RootVisitor;

use crate::abi::SelectCaseRecord;
use crate::channel::{self, Attempt, Channel};
use crate::goroutine::{Goroutine, WaitReason};
use crate::panic;
use crate::scheduler::{self, processor_of};
use crate::wait_queue::Waiter;

/// The waiters of a goroutine in a `select`. Kept for the next one.
#[derive(Debug, Default)]
pub struct SelectWait {
    waiters: Vec<SelectWaiter>,
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
}

/// If `winner`, just taken out of its queue, is of a `select`, takes its siblings out of theirs.
///
/// # Safety
/// `winner` is a waiter whose goroutine waits.
pub unsafe fn leave_other_queues(winner: *mut Waiter) {
    // SAFETY: the caller vouches for the waiter; its siblings are in the queues of live channels.
    unsafe {
        if !(*winner).is_select() {
            return;
        }
        let g = (*winner).goroutine;
        let Some(select) = (*g).select.as_mut() else {
            return;
        };
        // By pointers: siblings may be neighbours in one queue, which `remove` links to each other.
        let siblings = select.waiters.as_mut_ptr();
        for index in 0..select.waiters.len() {
            let sibling = siblings.add(index);
            if (*sibling).waiter.is_queued {
                let waiter = &raw mut (*sibling).waiter;
                if (*sibling).is_send {
                    (*(*sibling).channel).senders.remove(waiter);
                } else {
                    (*(*sibling).channel).receivers.remove(waiter);
                }
            }
        }
    }
}

/// The channel of a case; null never proceeds.
fn channel_of(case: &SelectCaseRecord) -> *mut Channel {
    case.channel.cast()
}

/// Whether the case can proceed at once, if only to panic.
///
/// # Safety
/// Its channel is nil or a channel.
unsafe fn is_ready(case: &SelectCaseRecord) -> bool {
    // SAFETY: the caller vouches for it.
    let Some(channel) = (unsafe { channel_of(case).as_ref() }) else {
        return false;
    };
    if case.is_send != 0 {
        channel.is_closed() || !channel.receivers.is_empty() || channel.count < channel.capacity
    } else {
        channel.count > 0 || !channel.senders.is_empty() || channel.is_closed()
    }
}

/// Queues `g` on all channels.
///
/// # Safety
/// The cases' channels are live.
unsafe fn wait(g: &mut Goroutine, cases: &[SelectCaseRecord]) {
    let goroutine: *mut Goroutine = g;
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
            }
        }
    }
    let reason = if cases.is_empty() {
        WaitReason::SelectNoCases
    } else {
        WaitReason::Select
    };
    scheduler::park(g, reason);
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
        let ready_count = cases
            .iter()
            .filter(|case| unsafe { is_ready(case) })
            .count() as u64;
        if ready_count == 0 {
            if has_default != 0 {
                return Pair(u64::MAX, 0);
            }
            // SAFETY: as above.
            unsafe { wait(g, cases) };
            return Pair(0, 0);
        }
        let mut choice = match ready_count {
            1 => 0,
            _ => processor_of(g).random.below(ready_count),
        };
        let mut index = 0;
        // SAFETY: as above.
        while !unsafe { is_ready(&cases[index]) } || choice > 0 {
            // SAFETY: as above.
            choice -= u64::from(unsafe { is_ready(&cases[index]) });
            index += 1;
        }
        let case = &cases[index];
        let channel = channel_of(case);
        // SAFETY: a ready case has a channel; compiled code passes elements of the channel's type.
        let attempt = unsafe {
            if case.is_send != 0 {
                Channel::try_send(channel, g, case.element)
            } else {
                Channel::try_receive(channel, g, case.element)
            }
        };
        debug_assert_ne!(attempt, Attempt::WouldBlock, "the case was ready");
        if attempt == Attempt::Closed && case.is_send != 0 {
            let value = channel::send_on_closed(g);
            panic::start(g, value);
        }
        Pair(index as u64, u64::from(attempt == Attempt::Done))
    }
}
