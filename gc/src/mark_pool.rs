//! `MarkPool`: grey objects that any marker may take, and pointers found that nobody has looked at.
//!
//! A marker works from a buffer of its own, gives away half of it when there is little here for others to take, and comes back
//! when it is empty. So mutators find something to help with even when the collector's thread does not get to run. What must
//! hold: while marking, every grey object is in the pool, or in the buffer of a marker that is counted as active, or in a log. So
//! marking is over when all roots were visited, the pool is empty, nobody is active, and, in a stopped world, no log holds anything. Then the pool is closed: nobody becomes active until the next marking begins.

use crate::sync::atomic::Ordering::Relaxed;
use crate::sync::atomic::{AtomicBool, AtomicU64};
use crate::sync::{LockRank, RankedMutex};
use crate::work::{Piece, SlotSet};

/// Helpings that markers try to have here, besides pointers nobody has looked at. More than one, since a marker that the
/// system stops in its work has what it did not share all the while.
const MIN_HELPINGS: usize = 4;

/// The most pointers that are put together for one marker to take: some 10 us of work.
const FOUND_TOGETHER: usize = 512;

/// Words that point into the heap, from logs and roots.
pub(crate) struct Found {
    pub(crate) words: Vec<usize>,
    /// Whether they are known to be pointers.
    pub(crate) is_precise: bool,
}

/// One helping of work.
pub(crate) enum Work {
    Found(Found),
    /// Marked, to be scanned.
    Grey(Vec<SlotSet>),
    Piece(Piece),
}

/// How far a marking is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PoolState {
    /// There is something to take, roots included.
    HasWork,
    /// There is not, but somebody is active.
    Active,
    /// There is nothing to do but to look at logs.
    Drained,
    /// It is over.
    Closed,
}

/// What markers share.
pub(crate) struct MarkPool {
    inner: RankedMutex<Inner>,
    /// Whether there are too few grey objects to take.
    is_hungry: AtomicBool,
    /// Sums over all markers of a cycle.
    pub(crate) marked_bytes: AtomicU64,
    /// As the visitors of roots counted.
    pub(crate) stack_bytes: AtomicU64,
    pub(crate) globals_bytes: AtomicU64,
}

#[derive(Default)]
struct Inner {
    found: Vec<Found>,
    grey: Vec<Vec<SlotSet>>,
    pieces: Vec<Piece>,
    /// The part of the roots that nobody visits yet, if there is one: all before are visited or somebody is at them.
    next_roots: usize,
    unclaimed: Unclaimed,
    /// Markers that may hold grey objects.
    active: usize,
    /// Whether a marking is under way.
    is_open: bool,
}

/// What there may be that nobody has looked at.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Unclaimed {
    roots: bool,
    specials: bool,
    cards: bool,
}

impl Inner {
    fn is_empty(&self) -> bool {
        self.found.is_empty() && self.grey.is_empty() && self.pieces.is_empty()
    }

    fn is_low(&self) -> bool {
        self.grey.len() + self.pieces.len() < MIN_HELPINGS
    }

    fn state(&self) -> PoolState {
        if !self.is_open {
            PoolState::Closed
        } else if self.unclaimed != Unclaimed::default() || !self.is_empty() {
            PoolState::HasWork
        } else if self.active > 0 {
            PoolState::Active
        } else {
            PoolState::Drained
        }
    }
}

impl MarkPool {
    pub(crate) fn new() -> Self {
        Self {
            inner: RankedMutex::new(LockRank::MARK_POOL, Inner::default()),
            is_hungry: AtomicBool::new(true),
            marked_bytes: AtomicU64::new(0),
            stack_bytes: AtomicU64::new(0),
            globals_bytes: AtomicU64::new(0),
        }
    }

    /// Begins a marking, in which roots, specials and cards are to be claimed.
    pub(crate) fn open(&self) {
        let mut inner = self.inner.lock();
        assert!(inner.is_empty() && !inner.is_open);
        inner.is_open = true;
        inner.next_roots = 0;
        inner.unclaimed = Unclaimed {
            roots: true,
            specials: true,
            cards: true,
        };
        self.is_hungry.store(true, Relaxed);
        self.marked_bytes.store(0, Relaxed);
        self.stack_bytes.store(0, Relaxed);
        self.globals_bytes.store(0, Relaxed);
    }

    /// Ends the marking, with the world stopped and logs empty, unless somebody has something to do; whether it is over.
    pub(crate) fn close_if_drained(&self) -> bool {
        let mut inner = self.inner.lock();
        let is_over = inner.state() == PoolState::Drained;
        inner.is_open &= !is_over;
        is_over
    }

    /// A marker begins, and may have grey objects until [`Self::leave`]; false when there is no marking. One under way does
    /// not end before.
    pub(crate) fn enter(&self) -> bool {
        let mut inner = self.inner.lock();
        inner.active += usize::from(inner.is_open);
        inner.is_open
    }

    /// A part of the roots to visit, for a marker; they are counted from 0.
    pub(crate) fn claim_roots(&self) -> Option<usize> {
        let mut inner = self.inner.lock();
        let part = inner.unclaimed.roots.then_some(inner.next_roots);
        inner.next_roots += 1;
        part
    }

    /// Notes that a part claimed was the last.
    pub(crate) fn end_roots(&self) {
        self.inner.lock().unclaimed.roots = false;
    }

    /// Whether some specials may be left to visit, for a marker.
    pub(crate) fn has_specials(&self) -> bool {
        self.inner.lock().unclaimed.specials
    }

    /// Notes that all specials were visited, or somebody is at them.
    pub(crate) fn end_specials(&self) {
        self.inner.lock().unclaimed.specials = false;
    }

    /// Whether some cards may be left to look at, for a marker.
    pub(crate) fn has_cards(&self) -> bool {
        self.inner.lock().unclaimed.cards
    }

    /// Notes that all cards were looked at, or somebody is at them.
    pub(crate) fn end_cards(&self) {
        self.inner.lock().unclaimed.cards = false;
    }

    /// A marker ends; it has given away all it had.
    pub(crate) fn leave(&self) {
        self.inner.lock().active -= 1;
    }

    /// Something to do for a marker that has nothing.
    pub(crate) fn take(&self) -> Option<Work> {
        let mut inner = self.inner.lock();
        let work = if let Some(grey) = inner.grey.pop() {
            Work::Grey(grey)
        } else if let Some(found) = inner.found.pop() {
            Work::Found(found)
        } else {
            Work::Piece(inner.pieces.pop()?)
        };
        self.is_hungry.store(inner.is_low(), Relaxed);
        Some(work)
    }

    /// Whether a marker that has enough should give some away.
    #[inline]
    pub(crate) fn is_hungry(&self) -> bool {
        self.is_hungry.load(Relaxed)
    }

    /// Takes what a marker can spare.
    pub(crate) fn add_grey(&self, grey: Vec<SlotSet>, pieces: &mut Vec<Piece>) {
        let mut inner = self.inner.lock();
        if !grey.is_empty() {
            inner.grey.push(grey);
        }
        inner.pieces.append(pieces);
        self.is_hungry.store(inner.is_low(), Relaxed);
    }

    /// Takes pointers found. Few are put with others: where many goroutines hold a few each, there is little to allocate and free,
    /// by threads that others wait for.
    pub(crate) fn add_found(&self, found: Found) {
        if found.words.is_empty() {
            return;
        }
        let mut inner = self.inner.lock();
        // The last two, as goroutines have some of either kind.
        let mut others = inner.found.iter_mut().rev().take(2);
        let fitting = others.find(|other| {
            other.is_precise == found.is_precise
                && other.words.len() + found.words.len() <= FOUND_TOGETHER
        });
        if let Some(other) = fitting {
            other.words.extend(found.words);
        } else {
            inner.found.push(found);
        }
    }

    /// How far the marking is.
    pub(crate) fn state(&self) -> PoolState {
        self.inner.lock().state()
    }
}
