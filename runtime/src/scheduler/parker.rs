//! `Parker` and `Gate`: where threads sleep, on one word each (futexes).
//!
//! Waking is allowed in signal handlers and never blocks. A sleep also ends when a signal was handled: callers look again at
//! what they wait for, always.

use crate::futex;
use crate::sync::atomic::AtomicU32;
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};

const EMPTY: u32 = 0;
const TOKEN: u32 = 1;

/// Where one thread sleeps until another hands it a token. A token handed early is kept; several count as one.
#[derive(Debug, Default)]
pub struct Parker {
    word: AtomicU32,
}

impl Parker {
    /// Takes the token, sleeping until there is one, at most `timeout_ns`; whether there was one. Only one thread waits.
    pub fn wait(&self, timeout_ns: Option<u64>) -> bool {
        // Acquire pairs with the release in `wake`: what was done before waking is seen.
        if !self.take() {
            futex::sleep_while(&self.word, EMPTY, timeout_ns);
            return self.take();
        }
        true
    }

    /// Takes the token if there is one; whether there was.
    pub(super) fn take(&self) -> bool {
        // One that only looks does not take the line from who is to write it.
        self.word.load(Relaxed) == TOKEN && self.word.swap(EMPTY, Acquire) == TOKEN
    }

    /// Hands the token over.
    pub fn wake(&self) {
        self.word.store(TOKEN, Release);
        futex::wake(&self.word, 1);
    }
}

/// Where any number of threads sleep until it is opened once.
#[derive(Debug, Default)]
pub(super) struct Gate {
    openings: AtomicU32,
}

impl Gate {
    /// What to give [`Self::wait`]; read before looking whether waiting is necessary.
    pub(super) fn ticket(&self) -> u32 {
        self.openings.load(Acquire)
    }

    /// Whether the gate was opened since the ticket was taken.
    pub(super) fn was_opened(&self, ticket: u32) -> bool {
        self.ticket() != ticket
    }

    /// Sleeps unless the gate was opened since the ticket was taken.
    pub(super) fn wait(&self, ticket: u32) {
        futex::sleep_while(&self.openings, ticket, None);
    }

    /// Wakes all.
    pub(super) fn open(&self) {
        self.openings.fetch_add(1, Release);
        futex::wake(&self.openings, i32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_handed_early_is_kept() {
        let parker = Parker::default();
        parker.wake();
        parker.wake();
        assert!(parker.wait(None));
        assert!(!parker.wait(Some(1000)));
    }

    #[test]
    fn a_gate_opened_since_the_ticket_does_not_hold() {
        let gate = Gate::default();
        let ticket = gate.ticket();
        gate.open();
        gate.wait(ticket);
    }

    #[test]
    fn every_token_arrives() {
        let (ping, pong) = (Parker::default(), Parker::default());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..10_000 {
                    while !ping.wait(None) {}
                    pong.wake();
                }
            });
            for _ in 0..10_000 {
                ping.wake();
                while !pong.wait(None) {}
            }
        });
    }
}
