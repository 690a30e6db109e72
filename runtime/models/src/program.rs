//! Goroutines of a model, and the statements they can execute: each calls the runtime's own entry, then does what the worker
//! would.

use std::cell::UnsafeCell;

use gc::layout::TypeDescriptor;
use shuttle::sync::{Condvar, Mutex};

use crate::abi::{RuntimeType, SelectCaseRecord};
use crate::channel::{self, Channel};
use crate::entry::Pair;
use crate::goroutine::{Block, Goroutine, Resume};
use crate::random::Random;
use crate::scheduler::ParkedUnder;
use crate::select;
use crate::sync::atomic::AtomicBool;
use crate::wait_queue::Waiter;

/// A goroutine, used by the model's thread that made it.
#[derive(Debug)]
pub struct Thread(Box<Goroutine>);

/// A channel of words.
#[derive(Debug, Clone, Copy)]
pub struct Words(*mut Channel);

// SAFETY: channels are for use by several threads, and never freed.
unsafe impl Send for Words {}
// SAFETY: likewise.
unsafe impl Sync for Words {}

/// The goroutine panicked instead of going on.
#[derive(Debug, PartialEq, Eq)]
pub struct Panicked(pub &'static str);

/// A case of a `select`.
#[derive(Debug, Clone, Copy)]
pub enum Case {
    /// Sends this word; never proceeds on no channel.
    Send(Option<Words>, u64),
    /// Receives.
    Receive(Option<Words>),
}

/// What a `select` did: its case (`None` for the default), and the word received (`None` when the channel was closed).
pub type Selected = (Option<usize>, Option<u64>);

impl Words {
    /// `make(chan uint64, capacity)`.
    pub fn new(capacity: usize) -> Self {
        let word = RuntimeType {
            size_bytes: 8,
            descriptor: TypeDescriptor::noscan(8, 8),
            element: std::ptr::null(),
        };
        let maker = Thread::new(0);
        let channel = Channel::make(&maker.0, &word, capacity as i64);
        Self(channel.expect("the size is in range"))
    }
}

impl Thread {
    /// A goroutine whose choices in `select` come from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Box::new(Goroutine {
            block: Block::default(),
            resume: Resume::Return,
            waiter: Waiter::default(),
            select: None,
            select_is_won: AtomicBool::new(false),
            parked: None,
            panic: None,
            random: UnsafeCell::new(Random::from_seed(seed)),
            is_ready: Mutex::new(false),
            wake: Condvar::new(),
        }))
    }

    /// `channel <- word`.
    pub fn send(&mut self, channel: Words, word: u64) -> Result<(), Panicked> {
        let g: *mut Goroutine = &raw mut *self.0;
        // SAFETY: the goroutine is this thread's, the channel live.
        unsafe { channel::entries::channel_send_word(g, std::ptr::null(), channel.0, word) };
        self.go_on(Pair(0, 0)).map(|_| ())
    }

    /// `<-channel`: `None` when it is closed.
    pub fn receive(&mut self, channel: Words) -> Option<u64> {
        let g: *mut Goroutine = &raw mut *self.0;
        // SAFETY: as above.
        let pair =
            unsafe { channel::entries::channel_receive_word(g, std::ptr::null(), channel.0) };
        let Pair(word, was_received) = self.go_on(pair).expect("a receive does not panic");
        (was_received != 0).then_some(word)
    }

    /// `close(channel)`.
    pub fn close(&mut self, channel: Words) -> Result<(), Panicked> {
        let g: *mut Goroutine = &raw mut *self.0;
        // SAFETY: as above.
        unsafe { channel::entries::channel_close(g, channel.0) };
        self.go_on(Pair(0, 0)).map(|_| ())
    }

    /// `select`.
    pub fn select(&mut self, cases: &[Case], has_default: bool) -> Result<Selected, Panicked> {
        let mut elements: Vec<u64> = cases
            .iter()
            .map(|case| match *case {
                Case::Send(_, word) => word,
                Case::Receive(_) => 0,
            })
            .collect();
        let records: Vec<SelectCaseRecord> = cases
            .iter()
            .zip(&mut elements)
            .map(|(case, element)| {
                let (channel, is_send) = match *case {
                    Case::Send(channel, _) => (channel, 1),
                    Case::Receive(channel) => (channel, 0),
                };
                SelectCaseRecord {
                    channel: channel.map_or(std::ptr::null_mut(), |channel| channel.0.cast()),
                    element: std::ptr::from_mut(element).cast(),
                    is_send,
                }
            })
            .collect();
        let g: *mut Goroutine = &raw mut *self.0;
        let count = records.len() as u64;
        // SAFETY: as above; the records live until the goroutine goes on.
        let pair =
            unsafe { select::entries::select(g, records.as_ptr(), count, has_default.into()) };
        let Pair(index, was_received) = self.go_on(pair)?;
        if index == u64::MAX {
            return Ok((None, None));
        }
        let index = index as usize;
        Ok((Some(index), (was_received != 0).then_some(elements[index])))
    }

    /// Does what the worker does after a call: if the goroutine parked, releases what it parked under, waits until it is
    /// ready, and enters it again. What the call returns.
    fn go_on(&mut self, returned: Pair) -> Result<Pair, Panicked> {
        let g: *mut Goroutine = &raw mut *self.0;
        // SAFETY: while it is parked the goroutine is used by whoever wakes it, here only its token until it is set; else it
        // is this thread's.
        unsafe {
            let Some(under) = (*g).parked.take() else {
                return match (*g).panic.take() {
                    Some(value) => Err(Panicked(value.0)),
                    None => Ok(returned),
                };
            };
            match under {
                ParkedUnder::Nothing => {}
                ParkedUnder::Lock(lock) => (*lock).unlock(),
                ParkedUnder::SelectedChannels => select::unlock_channels(g),
            }
            let (token, wake) = (&(*g).is_ready, &(*g).wake);
            let mut is_ready = token.lock().expect("no model panics under it");
            while !*is_ready {
                is_ready = wake.wait(is_ready).expect("no model panics under it");
            }
            *is_ready = false;
            drop(is_ready);
            match std::mem::take(&mut (*g).resume) {
                Resume::Return => {}
                Resume::Select | Resume::Panic => select::leave_queues(&mut *g),
            }
            match (*g).panic.take() {
                Some(value) => Err(Panicked(value.0)),
                None => Ok(Pair((*g).block.results[0], (*g).block.results[1])),
            }
        }
    }
}
