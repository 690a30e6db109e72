//! Histories of one channel, and whether a channel may behave so: linearisability to a first-in-first-out queue.
//!
//! Every word is sent once. An operation takes effect at some moment between its beginning and its end, so what the history
//! must show is:
//! 1. every word received was sent, and is received once; no receive ends before its send has begun;
//! 2. if the send of `a` ended before that of `b` began, the receive of `b` did not end before that of `a` began;
//! 3. at no moment have more sends ended than receives of words have begun and places are in the buffer;
//! 4. a receive that finds the channel closed ends after the close began, and every word whose send had ended before it
//!    began was taken by a receive that began before it ended.
//!
//! For a queue of distinct words these are enough (Gibbons, Korach, "Testing Shared Memories", 1997, and
//! Bouajjani, Emmi, Enea, Hamza, "On Reducing Linearizability to State Reachability", 2015), but for 3, which is the
//! bound of the buffer, and 4.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What an operation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It sent this word.
    Sent(u64),
    /// It received this word.
    Received(u64),
    /// It found the channel closed.
    FoundClosed,
    /// It closed the channel.
    Closed,
}

#[derive(Debug, Clone, Copy)]
struct Operation {
    began: u64,
    ended: u64,
    effect: Effect,
}

/// What was done to one channel.
#[derive(Debug, Default)]
struct Log {
    clock: u64,
    operations: Vec<Operation>,
}

/// Records what threads of a model do to one channel. Threads of a model take turns, so the order of the calls is that of time.
#[derive(Debug, Clone, Default)]
pub struct History(Arc<Mutex<Log>>);

impl History {
    fn with<T>(&self, act: impl FnOnce(&mut Log) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time now, later than all before.
    pub fn now(&self) -> u64 {
        self.with(|log| {
            log.clock += 1;
            log.clock
        })
    }

    /// An operation that began at `began` ends.
    pub fn end(&self, began: u64, effect: Effect) {
        let ended = self.now();
        self.with(|log| {
            log.operations.push(Operation {
                began,
                ended,
                effect,
            });
        });
    }

    /// Does `operation` and records it.
    pub fn record(&self, operation: impl FnOnce() -> Effect) {
        let began = self.now();
        let effect = operation();
        self.end(began, effect);
    }

    /// What is wrong with it, for a channel whose buffer has `capacity` places and from which all words were received.
    pub fn mistake(&self, capacity: usize) -> Option<String> {
        self.with(|log| mistake(&log.operations, capacity))
    }
}

fn mistake(operations: &[Operation], capacity: usize) -> Option<String> {
    let mut sends = HashMap::new();
    let mut receives = HashMap::new();
    let (mut closes, mut found_closed) = (Vec::new(), Vec::new());
    for operation in operations {
        let earlier = match operation.effect {
            Effect::Sent(word) => sends.insert(word, operation),
            Effect::Received(word) => receives.insert(word, operation),
            Effect::Closed => {
                closes.push(operation);
                None
            }
            Effect::FoundClosed => {
                found_closed.push(operation);
                None
            }
        };
        if earlier.is_some() {
            return Some(format!("twice: {operation:?}"));
        }
    }
    for (word, receive) in &receives {
        match sends.get(word) {
            None => return Some(format!("{word} was never sent")),
            Some(send) if receive.ended < send.began => {
                return Some(format!("{word} was received before it was sent"));
            }
            Some(_) => {}
        }
    }
    for (a, send_a) in &sends {
        let Some(receive_a) = receives.get(a) else {
            return Some(format!("{a} was lost"));
        };
        for (b, send_b) in &sends {
            if send_a.ended < send_b.began && receives[b].ended < receive_a.began {
                return Some(format!("{b} overtook {a}"));
            }
        }
        let ended = sends.values().filter(|send| send.ended <= send_a.ended);
        let begun = receives
            .values()
            .filter(|receive| receive.began < send_a.ended);
        if ended.count() > begun.count() + capacity {
            return Some(format!("there was no room for {a}"));
        }
        for found in &found_closed {
            if send_a.ended < found.began && receive_a.began > found.ended {
                return Some(format!("closed was seen before {a}"));
            }
        }
    }
    let is_early = |found: &&&Operation| !closes.iter().any(|close| close.began < found.ended);
    found_closed
        .iter()
        .find(is_early)
        .map(|found| format!("closed before it was: {found:?}"))
}
