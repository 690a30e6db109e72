//! Channels: heap objects with the buffer inline, and queues of the goroutines that wait.
//!
//! What must hold:
//! - At least one of the two queues is empty, unless one goroutine selects on both ends. Buffered elements mean that no
//!   receiver waits, free room that no sender does.
//! - An element goes straight from sender to receiver when one of them waits. Elements of waiting goroutines are in
//!   their [`Waiter`]s, or in memory that does not move: object frames or the heap.
//! - Whoever takes a waiter out of a queue finishes its operation: moves the element, writes its results, makes it ready.
//!
//! With one worker no lock is needed; a lock of its own goes into the header when there are several, held from the first
//! look at a channel until `AfterSwitch::Park`.
//!
//! Source: Go's `chan.go`.

use gc::layout::TypeDescriptor;

use crate::abi::{CHANNEL_CAPACITY_OFFSET, COUNT_OFFSET, RuntimeType};
use crate::alloc;
use crate::goroutine::{Goroutine, WaitReason};
use crate::panic::{self, Any};
use crate::runtime_error;
use crate::scheduler;
use crate::select;
use crate::wait_queue::{WaitQueue, Waiter};

/// The head of a channel object; `capacity` elements follow.
#[repr(C)]
#[derive(Debug)]
pub struct Channel {
    /// Elements buffered: `len`.
    pub count: u64,
    /// Elements the buffer holds: `cap`.
    pub capacity: u64,
    element_bytes: u64,
    first: u64,
    is_closed: bool,
    /// Who waits to receive.
    pub receivers: WaitQueue,
    /// Who waits to send.
    pub senders: WaitQueue,
}

const _: () = assert!(std::mem::offset_of!(Channel, count) == COUNT_OFFSET as usize);
const _: () = assert!(std::mem::offset_of!(Channel, capacity) == CHANNEL_CAPACITY_OFFSET as usize);

/// What became of an attempt to send or receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// An element was moved.
    Done,
    /// The channel is closed: a receive gave the zero value, a send must panic.
    Closed,
    /// It would have to wait.
    WouldBlock,
}

impl Channel {
    /// A channel of `capacity` elements; `None` when it would be too large. Does not collect.
    pub fn make(g: &Goroutine, element: &RuntimeType, capacity: i64) -> Option<*mut Channel> {
        alloc::array_bytes(element.size_bytes, capacity)
            .filter(|&size_bytes| size_bytes < alloc::MAX_ALLOCATION_BYTES)?;
        let header = TypeDescriptor::noscan(size_of::<Channel>(), 8);
        let object = alloc::new_with_header(g, &header, &element.descriptor, capacity as usize);
        let channel: *mut Channel = object.cast();
        // SAFETY: the object is fresh and holds the header; all-zero is a valid header.
        unsafe {
            (*channel).capacity = capacity as u64;
            (*channel).element_bytes = element.size_bytes;
        }
        Some(channel)
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// Address of the buffered element `index` places behind the first.
    fn element(&mut self, index: u64) -> *mut u8 {
        let position = self.first + index;
        let position = if position >= self.capacity {
            position - self.capacity
        } else {
            position
        };
        let buffer: *mut u8 = (&raw mut *self).wrapping_add(1).cast();
        buffer.wrapping_add((position * self.element_bytes) as usize)
    }

    /// Sends the element at `source` if that is possible at once.
    ///
    /// # Safety
    /// `channel` is a channel to which nobody holds a reference: waking a goroutine that selects on it twice takes its
    /// other waiter out of the same queues. `source` points at an element.
    pub unsafe fn try_send(channel: *mut Self, waker: &Goroutine, source: *const u8) -> Attempt {
        // SAFETY: the caller vouches for the channel; references to it end with each statement.
        unsafe {
            if (*channel).is_closed {
                return Attempt::Closed;
            }
            if let Some(receiver) = (*channel).receivers.pop() {
                // A waiter taken out of a queue belongs to the taker.
                copy_element((*channel).element_bytes, source, (*receiver).slot());
                finish(waker, receiver, true);
                return Attempt::Done;
            }
            if (*channel).count == (*channel).capacity {
                return Attempt::WouldBlock;
            }
            // The place is free and in the buffer.
            let target = (*channel).element((*channel).count);
            copy_element((*channel).element_bytes, source, target);
            (*channel).count += 1;
        }
        Attempt::Done
    }

    /// Receives into `target` (null to drop the element) if that is possible at once.
    ///
    /// # Safety
    /// As [`Self::try_send`]; `target` is null or has room for an element.
    pub unsafe fn try_receive(channel: *mut Self, waker: &Goroutine, target: *mut u8) -> Attempt {
        // SAFETY: the caller vouches for channel and target; references to the channel end with each statement.
        unsafe {
            let element_bytes = (*channel).element_bytes;
            if (*channel).count > 0 {
                // The first place holds an element; afterwards it is cleared, to keep nothing alive.
                let first = (*channel).element(0);
                copy_element(element_bytes, first, target);
                first.write_bytes(0, element_bytes as usize);
                (*channel).first = if (*channel).first + 1 == (*channel).capacity {
                    0
                } else {
                    (*channel).first + 1
                };
                (*channel).count -= 1;
                if let Some(sender) = (*channel).senders.pop() {
                    // A waiter taken out belongs to the taker, and a place was just freed.
                    let place = (*channel).element((*channel).count);
                    copy_element(element_bytes, (*sender).slot(), place);
                    (*channel).count += 1;
                    finish(waker, sender, true);
                }
                return Attempt::Done;
            }
            if let Some(sender) = (*channel).senders.pop() {
                copy_element(element_bytes, (*sender).slot(), target);
                finish(waker, sender, true);
                return Attempt::Done;
            }
            if !(*channel).is_closed {
                return Attempt::WouldBlock;
            }
            if !target.is_null() {
                target.write_bytes(0, element_bytes as usize);
            }
        }
        Attempt::Closed
    }

    /// Closes it: wakes all who wait.
    ///
    /// # Safety
    /// As [`Self::try_send`].
    unsafe fn close(channel: *mut Self, waker: &Goroutine) {
        // SAFETY: the caller vouches for the channel. A waiter taken out belongs to the taker; its slot is null or has room
        // for an element; its goroutine does not run, so its context is saved.
        unsafe {
            (*channel).is_closed = true;
            while let Some(receiver) = (*channel).receivers.pop() {
                let slot = (*receiver).slot();
                if !slot.is_null() {
                    slot.write_bytes(0, (*channel).element_bytes as usize);
                }
                finish(waker, receiver, false);
            }
            while let Some(sender) = (*channel).senders.pop() {
                let value = runtime_error::plain_error(waker, "send on closed channel");
                select::leave_other_queues(sender);
                let g = (*sender).goroutine;
                panic::start_when_resumed(&mut *g, value);
                scheduler::ready(waker, g);
            }
        }
    }
}

/// Copies an element unless it is dropped.
///
/// # Safety
/// Both addresses have `size_bytes`, or `target` is null.
unsafe fn copy_element(size_bytes: u64, source: *const u8, target: *mut u8) {
    if target.is_null() {
        return;
    }
    // SAFETY: the caller vouches for both.
    unsafe {
        if size_bytes == 8 {
            target
                .cast::<u64>()
                .write_unaligned(source.cast::<u64>().read_unaligned());
        } else {
            target.copy_from(source, size_bytes as usize);
        }
    }
}

/// Ends a waiting operation whose element has been moved: writes what it returns, and makes its goroutine ready.
///
/// # Safety
/// `waiter` was just taken out of its queue.
unsafe fn finish(waker: &Goroutine, waiter: *mut Waiter, was_moved: bool) {
    // SAFETY: the waiter's goroutine waits for this.
    unsafe {
        select::leave_other_queues(waiter);
        let waiter = &*waiter;
        (*waiter.goroutine).block.results = if waiter.is_select() {
            [u64::from(waiter.case), u64::from(was_moved)]
        } else if waiter.has_word {
            [waiter.word, u64::from(was_moved)]
        } else {
            [u64::from(was_moved), 0]
        };
        scheduler::ready(waker, waiter.goroutine);
    }
}

/// Whether a goroutine waits to receive from the channel at `address`.
pub fn has_receivers(address: u64) -> bool {
    let channel: *const Channel = std::ptr::with_exposed_provenance(address as usize);
    // SAFETY: asked for channels that a timer keeps alive.
    unsafe { channel.as_ref() }.is_some_and(|channel| !channel.receivers.is_empty())
}

/// What a send on a closed channel panics with.
pub fn send_on_closed(g: &Goroutine) -> Any {
    runtime_error::plain_error(g, "send on closed channel")
}

/// Prepares `g`'s own waiter.
fn prepare_waiter(g: &mut Goroutine, element: *mut u8, word: Option<u64>) -> *mut Waiter {
    let goroutine: *mut Goroutine = g;
    g.waiter.goroutine = goroutine;
    g.waiter.element = element;
    g.waiter.has_word = word.is_some();
    g.waiter.word = word.unwrap_or(0);
    g.waiter.case = Waiter::ALONE;
    &raw mut g.waiter
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};
    use crate::safepoint;

    macro_rules! goroutine {
        ($g:ident) => {
            // SAFETY: the trampoline passes the running goroutine, which this worker owns.
            unsafe { &mut *$g }
        };
    }

    /// `make(chan T, size)`.
    ///
    /// # Safety
    /// Called by its trampoline, with a channel type of the image.
    pub(crate) unsafe extern "sysv64" fn channel_make(
        g: *mut Goroutine,
        ty: *const RuntimeType,
        size: i64,
    ) -> *mut Channel {
        let g = goroutine!(g);
        safepoint::poll(g);
        // SAFETY: a channel type has an element type.
        let element = unsafe { &*(*ty).element };
        Channel::make(g, element, size).unwrap_or_else(|| {
            let value = runtime_error::plain_error(g, "makechan: size out of range");
            panic::start(g, value);
            std::ptr::null_mut()
        })
    }

    /// # Safety
    /// `source` points at an element; if it is not in memory that outlives the call, `word` holds it.
    unsafe fn send(g: &mut Goroutine, channel: *mut Channel, source: *mut u8, word: Option<u64>) {
        if channel.is_null() {
            scheduler::park(g, WaitReason::ChannelSendNil);
            return;
        }
        // SAFETY: a channel value that is not nil is a channel, which the caller's frame keeps alive.
        match unsafe { Channel::try_send(channel, g, source) } {
            Attempt::Done => {}
            Attempt::Closed => {
                let value = send_on_closed(g);
                panic::start(g, value);
            }
            Attempt::WouldBlock => {
                let waiter = prepare_waiter(g, source, word);
                // SAFETY: the goroutine does not move, and waits until its waiter is taken out.
                unsafe { (*channel).senders.push(waiter) };
                scheduler::park(g, WaitReason::ChannelSend);
            }
        }
    }

    /// `c <- v`.
    ///
    /// # Safety
    /// Called by its trampoline; `element` is not on the control stack.
    pub(crate) unsafe extern "sysv64" fn channel_send(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        channel: *mut Channel,
        element: *mut u8,
    ) {
        let g = goroutine!(g);
        // SAFETY: compiled code passes an element of the channel's type.
        unsafe { send(g, channel, element, None) }
    }

    /// `c <- v`, v being at most a word.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn channel_send_word(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        channel: *mut Channel,
        mut word: Word,
    ) {
        let g = goroutine!(g);
        // SAFETY: on a little-endian machine the element is at the address of the word.
        unsafe { send(g, channel, (&raw mut word).cast(), Some(word)) }
    }

    /// `v, ok = <-c`: whether an element was received.
    ///
    /// # Safety
    /// As [`channel_send`]; `target` may be null.
    pub(crate) unsafe extern "sysv64" fn channel_receive(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        channel: *mut Channel,
        target: *mut u8,
    ) -> Word {
        let g = goroutine!(g);
        if channel.is_null() {
            scheduler::park(g, WaitReason::ChannelReceiveNil);
            return 0;
        }
        // SAFETY: as in `send`; compiled code passes room for an element.
        match unsafe { Channel::try_receive(channel, g, target) } {
            Attempt::Done => 1,
            Attempt::Closed => 0,
            Attempt::WouldBlock => {
                let waiter = prepare_waiter(g, target, None);
                // SAFETY: as in `send`.
                unsafe { (*channel).receivers.push(waiter) };
                scheduler::park(g, WaitReason::ChannelReceive);
                0
            }
        }
    }

    /// `v, ok = <-c`, v being at most a word: its bits, and whether it was received.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn channel_receive_word(
        g: *mut Goroutine,
        _ty: *const RuntimeType,
        channel: *mut Channel,
    ) -> Pair {
        let g = goroutine!(g);
        if channel.is_null() {
            scheduler::park(g, WaitReason::ChannelReceiveNil);
            return Pair(0, 0);
        }
        let mut word: Word = 0;
        // SAFETY: as in `send`; the element is at most a word.
        match unsafe { Channel::try_receive(channel, g, (&raw mut word).cast()) } {
            Attempt::Done => Pair(word, 1),
            Attempt::Closed => Pair(0, 0),
            Attempt::WouldBlock => {
                let waiter = prepare_waiter(g, std::ptr::null_mut(), Some(0));
                // SAFETY: as in `send`.
                unsafe { (*channel).receivers.push(waiter) };
                scheduler::park(g, WaitReason::ChannelReceive);
                Pair(0, 0)
            }
        }
    }

    /// `close(c)`.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn channel_close(g: *mut Goroutine, channel: *mut Channel) {
        let g = goroutine!(g);
        let text = if channel.is_null() {
            "close of nil channel"
        // SAFETY: as in `send`.
        } else if unsafe { (*channel).is_closed } {
            "close of closed channel"
        } else {
            // SAFETY: as in `send`.
            unsafe { Channel::close(channel, g) };
            return;
        };
        let value = runtime_error::plain_error(g, text);
        panic::start(g, value);
    }
}
