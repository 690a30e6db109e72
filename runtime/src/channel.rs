//! Channels: heap objects with the buffer inline, and queues of the goroutines that wait.
//!
//! What must hold:
//! - At least one of the two queues is empty, unless one goroutine selects on both ends. Buffered elements mean that no
//!   receiver waits, free room that no sender does.
//! - An element goes straight from sender to receiver when one of them waits. Elements of waiting goroutines are in
//!   their [`Waiter`]s, or in memory that does not move: object frames or the heap.
//! - Whoever takes a waiter out of a queue finishes its operation: moves the element under the lock; then, without it, writes
//!   its results and makes it ready.
//! - Nobody begins to wait once it is closed, and nobody takes what closing finds in the queues: whoever closes wakes those who
//!   wait bit by bit, and lets the world stop in between.
//! - Everything but `capacity` and what is known of its elements changes under the channel's lock, which a goroutine that parks
//!   leaves held for its worker to release. What is looked at without is atomic.
//!
//! Source: Go's `chan.go`.

use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::atomic::{AtomicBool, AtomicU64};

use gc::layout::TypeDescriptor;

use crate::abi::{CHANNEL_CAPACITY_OFFSET, COUNT_OFFSET, RuntimeType};
use crate::alloc;
use crate::barrier;
use crate::goroutine::{Goroutine, Resume, WaitReason};
use crate::instance::Instance;
use crate::panic::{self, Any};
use crate::runtime_error;
use crate::safepoint;
use crate::scheduler::{self, ParkedUnder, instance_of, slot_of};
use crate::spin_lock::SpinLock;
use crate::timer_channel;
use crate::wait_queue::{self, WaitQueue, Waiter};

/// The head of a channel object; `capacity` elements follow.
#[repr(C)]
#[derive(Debug)]
pub struct Channel {
    /// Elements buffered: `len`.
    pub count: AtomicU64,
    /// Elements the buffer holds: `cap`.
    pub capacity: u64,
    element_bytes: u64,
    first: u64,
    /// Guards the rest.
    pub lock: SpinLock,
    is_closed: AtomicBool,
    /// Whether it belongs to a timer, see [`timer_channel`].
    is_timer: bool,
    /// Whether its elements hold pointers: only those does the collector have to hear of.
    has_pointers: bool,
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
        // SAFETY: the object is fresh and has room for the header.
        unsafe { channel.write(Self::empty(capacity as u64, element)) };
        Some(channel)
    }

    fn empty(capacity: u64, element: &RuntimeType) -> Self {
        Self {
            count: AtomicU64::new(0),
            capacity,
            element_bytes: element.size_bytes,
            first: 0,
            lock: SpinLock::default(),
            is_closed: AtomicBool::new(false),
            is_timer: false,
            has_pointers: element.descriptor.has_pointers(),
            receivers: WaitQueue::default(),
            senders: WaitQueue::default(),
        }
    }

    /// Makes a fresh one that of a timer, with elements of this size, with pointers.
    pub fn mark_timer(&mut self, element_bytes: u64) {
        self.is_timer = true;
        self.has_pointers = true;
        self.element_bytes = element_bytes;
    }

    /// Whether it belongs to a timer.
    pub fn is_timer(&self) -> bool {
        self.is_timer
    }

    /// Whether it was closed.
    pub fn is_closed(&self) -> bool {
        self.is_closed.load(Relaxed)
    }

    fn count(&self) -> u64 {
        self.count.load(Relaxed)
    }

    /// Without the lock: whether a send could proceed a moment ago, if only to panic.
    pub fn seems_ready_to_take(&self) -> bool {
        self.count() < self.capacity || !self.receivers.is_empty() || self.is_closed()
    }

    /// Without the lock: whether a receive could proceed a moment ago.
    pub fn seems_ready_to_give(&self, instance: &Instance) -> bool {
        // SAFETY: asked before.
        let is_due = || self.is_timer && unsafe { timer_channel::is_due(self, instance) };
        self.count() > 0 || !self.senders.is_empty() || self.is_closed() || is_due()
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

    /// Sends the element at `source` if that is possible at once. The waiter it went to, if any: to be finished without the
    /// lock.
    ///
    /// # Safety
    /// The lock is held; `source` points at an element.
    #[inline]
    pub unsafe fn try_send(
        &mut self,
        g: &Goroutine,
        source: *const u8,
    ) -> (Attempt, Option<*mut Waiter>) {
        if self.is_closed() {
            return (Attempt::Closed, None);
        }
        if let Some(receiver) = self.receivers.pop_waiting() {
            // SAFETY: a waiter taken out of a queue belongs to the taker; the caller vouches for the source.
            unsafe { self.copy_element(g, source, (*receiver).slot()) };
            return (Attempt::Done, Some(receiver));
        }
        let count = self.count();
        if count == self.capacity {
            return (Attempt::WouldBlock, None);
        }
        let target = self.element(count);
        // SAFETY: the place is free and in the buffer.
        unsafe { self.copy_element(g, source, target) };
        self.count.store(count + 1, Relaxed);
        (Attempt::Done, None)
    }

    /// Receives into `target` (null to drop the element) if that is possible at once. The waiter whose send went on by that.
    ///
    /// # Safety
    /// The lock is held; `target` is null or has room for an element.
    #[inline]
    pub unsafe fn try_receive(
        &mut self,
        g: &Goroutine,
        target: *mut u8,
    ) -> (Attempt, Option<*mut Waiter>) {
        if self.is_timer {
            // SAFETY: the caller's; asked just now.
            return (unsafe { timer_channel::try_receive(self, g, target) }, None);
        }
        let count = self.count();
        if count > 0 {
            let first = self.element(0);
            // SAFETY: the first place holds an element; afterwards it is cleared, to keep nothing alive.
            unsafe {
                self.copy_element(g, first, target);
                self.clear_element(g, first);
            }
            self.first = if self.first + 1 == self.capacity {
                0
            } else {
                self.first + 1
            };
            let sender = self.pop_sender();
            if let Some(sender) = sender {
                let place = self.element(count - 1);
                // SAFETY: a waiter taken out belongs to the taker, and a place was just freed.
                unsafe { self.take_element(g, sender, place) };
            } else {
                self.count.store(count - 1, Relaxed);
            }
            return (Attempt::Done, sender);
        }
        if let Some(sender) = self.pop_sender() {
            // SAFETY: as above.
            unsafe { self.take_element(g, sender, target) };
            return (Attempt::Done, Some(sender));
        }
        if !self.is_closed() {
            return (Attempt::WouldBlock, None);
        }
        // SAFETY: the caller vouches for the target.
        unsafe { self.clear_element(g, target) };
        (Attempt::Closed, None)
    }

    /// Takes out the sender who has waited longest; those who still wait when it is closed are to panic.
    fn pop_sender(&mut self) -> Option<*mut Waiter> {
        if self.is_closed() {
            return None;
        }
        self.senders.pop_waiting()
    }

    /// Copies an element unless it is dropped.
    ///
    /// # Safety
    /// Both addresses have room for an element, or `target` is null.
    unsafe fn copy_element(&self, g: &Goroutine, source: *const u8, target: *mut u8) {
        if target.is_null() {
            return;
        }
        let size_bytes = self.element_bytes as usize;
        // SAFETY: the caller vouches for both.
        unsafe {
            if self.has_pointers {
                barrier::before_store(g, target, size_bytes);
            }
            if size_bytes == 8 {
                target
                    .cast::<u64>()
                    .write_unaligned(source.cast::<u64>().read_unaligned());
            } else {
                target.copy_from(source, size_bytes);
            }
        }
    }

    /// Makes an element zero, unless it is dropped.
    ///
    /// # Safety
    /// `target` has room for an element, or is null.
    unsafe fn clear_element(&self, g: &Goroutine, target: *mut u8) {
        if target.is_null() {
            return;
        }
        // SAFETY: the caller vouches for it.
        unsafe {
            self.before_clear(g, target);
            if self.element_bytes == 8 {
                target.cast::<u64>().write_unaligned(0);
            } else {
                target.write_bytes(0, self.element_bytes as usize);
            }
        }
    }

    /// The barrier of an element that is about to be lost.
    ///
    /// # Safety
    /// `element` is the address of one.
    unsafe fn before_clear(&self, g: &Goroutine, element: *const u8) {
        if self.has_pointers {
            // SAFETY: the caller's.
            unsafe { barrier::before_clear(g, element, self.element_bytes as usize) };
        }
    }

    /// Copies the element of a waiting sender, which lets go of it.
    ///
    /// # Safety
    /// As [`Self::copy_element`]; the waiter was taken out of its queue.
    unsafe fn take_element(&self, g: &Goroutine, sender: *mut Waiter, target: *mut u8) {
        // SAFETY: the caller's; a waiting sender's slot holds an element.
        unsafe {
            let source = (*sender).slot();
            // The sender may not have been scanned, and once it goes on its waiter is of no account.
            self.before_clear(g, source);
            self.copy_element(g, source, target);
        }
    }

    /// Closes it: wakes all who wait. False if it was closed before. At a safepoint: the world may be stopped while many are woken.
    fn close(&mut self, waker: &mut Goroutine) -> bool {
        self.lock.lock();
        let was_closed = self.is_closed();
        self.is_closed.store(true, Relaxed);
        self.lock.unlock();
        if was_closed {
            return false;
        }
        while self.end_some(true, |channel, receiver| {
            // SAFETY: a waiter taken out belongs to the taker; its slot is null or has room for an element.
            unsafe {
                channel.clear_element(waker, (*receiver).slot());
                finish(waker, receiver, false);
            }
        }) {
            safepoint::let_stop(waker);
        }
        while self.end_some(false, |_, sender| {
            let value = runtime_error::plain_error(waker, "send on closed channel");
            // SAFETY: as above; it does not run, so its context is saved.
            unsafe {
                let g = (*sender).goroutine;
                panic::start_when_resumed(&mut *g, value);
                scheduler::ready(waker, g);
            }
        }) {
            safepoint::let_stop(waker);
        }
        true
    }

    /// Takes out some of the receivers, or of the senders, that wait on a closed channel, and has `end` end their waiting; whether
    /// any may be left.
    fn end_some(&mut self, are_receivers: bool, mut end: impl FnMut(&Self, *mut Waiter)) -> bool {
        self.lock.lock();
        let queue = if are_receivers {
            &mut self.receivers
        } else {
            &mut self.senders
        };
        let mut waiters = [std::ptr::null_mut(); safepoint::STEPS_BETWEEN_LOOKS];
        let mut count = 0;
        for _ in 0..waiters.len() {
            let Some(waiter) = queue.pop() else { break };
            // SAFETY: just taken out.
            if unsafe { wait_queue::claim(waiter) } {
                waiters[count] = waiter;
                count += 1;
            }
        }
        let has_more = !queue.is_empty();
        self.lock.unlock();
        for &waiter in &waiters[..count] {
            end(self, waiter);
        }
        has_more
    }
}

/// Ends a waiting operation whose element has been moved: writes what it returns, and makes its goroutine ready.
///
/// # Safety
/// `waiter` was taken out of its queue by the caller, who holds no lock.
#[inline]
pub unsafe fn finish(waker: &Goroutine, waiter: *mut Waiter, was_moved: bool) {
    // SAFETY: the caller's.
    let g = unsafe { complete(waiter, was_moved) };
    scheduler::ready(waker, g);
}

/// As [`finish`], but leaves it to the caller to make the goroutine ready.
///
/// # Safety
/// As [`finish`].
#[inline]
pub unsafe fn complete(waiter: *mut Waiter, was_moved: bool) -> *mut Goroutine {
    // SAFETY: the waiter's goroutine waits for this.
    unsafe {
        let waiter = &*waiter;
        (*waiter.goroutine).block.results = if waiter.is_select() {
            (*waiter.goroutine).resume = Resume::Select;
            [u64::from(waiter.case), u64::from(was_moved)]
        } else if waiter.has_word {
            [waiter.word, u64::from(was_moved)]
        } else {
            [u64::from(was_moved), 0]
        };
        waiter.goroutine
    }
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
        // SAFETY: a channel value is nil or a channel, which the caller's frame keeps alive.
        let Some(channel) = (unsafe { channel.as_mut() }) else {
            scheduler::park(g, WaitReason::ChannelSendNil, ParkedUnder::Nothing);
            return;
        };
        channel.lock.lock();
        // SAFETY: the caller's.
        match unsafe { channel.try_send(g, source) } {
            (Attempt::Done, receiver) => {
                channel.lock.unlock();
                if let Some(receiver) = receiver {
                    // SAFETY: just taken out.
                    unsafe { finish(g, receiver, true) };
                }
            }
            (Attempt::Closed, _) => {
                channel.lock.unlock();
                let value = send_on_closed(g);
                panic::start(g, value);
            }
            (Attempt::WouldBlock, _) => {
                let waiter = prepare_waiter(g, source, word);
                // SAFETY: the goroutine does not move, and waits until its waiter is taken out.
                unsafe { channel.senders.push(waiter) };
                let under = ParkedUnder::Lock(&raw const channel.lock);
                scheduler::park(g, WaitReason::ChannelSend, under);
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
        // SAFETY: as in `send`.
        let Some(channel) = (unsafe { channel.as_mut() }) else {
            scheduler::park(g, WaitReason::ChannelReceiveNil, ParkedUnder::Nothing);
            return 0;
        };
        // SAFETY: compiled code passes room for an element.
        match unsafe { receive(g, channel, target) } {
            Attempt::Done => 1,
            Attempt::Closed => 0,
            Attempt::WouldBlock => {
                let waiter = prepare_waiter(g, target, None);
                // SAFETY: as in `send`.
                unsafe { channel.receivers.push(waiter) };
                if channel.is_timer {
                    // SAFETY: its lock is held.
                    unsafe { timer_channel::begin_waiting(channel, instance_of(g), slot_of(g)) };
                }
                let under = ParkedUnder::Lock(&raw const channel.lock);
                scheduler::park(g, WaitReason::ChannelReceive, under);
                0
            }
        }
    }

    /// Receives if that is possible at once; else the channel's lock is held afterwards.
    ///
    /// # Safety
    /// `target` is null or has room for an element.
    #[inline]
    unsafe fn receive(g: &Goroutine, channel: &mut Channel, target: *mut u8) -> Attempt {
        channel.lock.lock();
        // SAFETY: the caller's.
        let (attempt, sender) = unsafe { channel.try_receive(g, target) };
        if attempt != Attempt::WouldBlock {
            channel.lock.unlock();
        }
        if let Some(sender) = sender {
            // SAFETY: just taken out.
            unsafe { finish(g, sender, true) };
        }
        attempt
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
        // SAFETY: as in `send`.
        let Some(channel) = (unsafe { channel.as_mut() }) else {
            scheduler::park(g, WaitReason::ChannelReceiveNil, ParkedUnder::Nothing);
            return Pair(0, 0);
        };
        let mut word: Word = 0;
        // SAFETY: the element is at most a word.
        match unsafe { receive(g, channel, (&raw mut word).cast()) } {
            Attempt::Done => Pair(word, 1),
            Attempt::Closed => Pair(0, 0),
            Attempt::WouldBlock => {
                let waiter = prepare_waiter(g, std::ptr::null_mut(), Some(0));
                // SAFETY: as in `send`.
                unsafe { channel.receivers.push(waiter) };
                let under = ParkedUnder::Lock(&raw const channel.lock);
                scheduler::park(g, WaitReason::ChannelReceive, under);
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
        // SAFETY: as in `send`.
        let text = match unsafe { channel.as_mut() } {
            None => "close of nil channel",
            Some(channel) => {
                if channel.close(g) {
                    return;
                }
                "close of closed channel"
            }
        };
        let value = runtime_error::plain_error(g, text);
        panic::start(g, value);
    }
}
