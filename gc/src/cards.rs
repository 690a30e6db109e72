//! `CardTable`: which old objects may point to young ones.
//!
//! A **young** object was allocated since the last marking ended; an **old** one was marked by it, or allocated black while it
//! ran (see [`crate::generation`]). A marking of the young alone does not scan the old, so whoever stores a pointer in an object
//! that may be old says where: a byte for each 512 bytes of memory, the *card* (Sobalvarro, "A Lifetime-based Garbage Collector
//! for LISP Systems on General-Purpose Computers", 1988; Hölzle, "A Fast Write Barrier for Generational Garbage Collectors",
//! 1993). It is the second half of the barrier of [`crate::barrier`]:
//! ```text
//!   cards[(address as u32) >> 9] = 1
//! ```
//! A card stands for stores that *begin* in its memory and write at most [`CARD_BYTES`], so one byte is enough for any of
//! compiled code's. Neighbours 4 GiB apart share a card, which costs a heap that is larger some work and nothing else; so does
//! memory outside the heap, and compiled code need not ask where an address lies.
//!
//! There are two tables. In stop A they change places: mutators go on to mark the one that was wiped in the last cycle, for the
//! next, and the markers read the other, and wipe it. Between the byte and the store it speaks of there is no safepoint, so both
//! come before a stop or both after it.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};

use crate::arena::Table;
use crate::layout::{CARD_BYTES, CARD_COUNT, CARD_SHIFT};

/// Cards that a marker takes at a time, with 64 KiB of memory: when all are marked, some 20 us of work.
const CARDS_AT_ONCE: usize = 128;

/// Helpings at a time where it does not matter what they stand for: some 2 us.
const HELPINGS_TO_FORGET: usize = 64;

/// Cards in a word of the table.
const CARDS_IN_WORD: usize = size_of::<u64>();

/// The cards of one heap.
pub(crate) struct CardTable {
    tables: [Table<AtomicU64>; 2],
    /// Whether mutators mark the second.
    is_second: AtomicBool,
    /// The next helping, in this marking.
    next: AtomicUsize,
    /// How much of the heap there was when it began.
    size_bytes: AtomicUsize,
}

impl CardTable {
    pub(crate) fn new() -> Result<Self, i32> {
        Ok(Self {
            tables: [
                Table::new(CARD_COUNT / CARDS_IN_WORD)?,
                Table::new(CARD_COUNT / CARDS_IN_WORD)?,
            ],
            is_second: AtomicBool::new(false),
            next: AtomicUsize::new(0),
            size_bytes: AtomicUsize::new(0),
        })
    }

    /// Where compiled code marks cards, until the next stop.
    pub(crate) fn address(&self) -> *mut u8 {
        self.marked_now().address()
    }

    fn marked_now(&self) -> &Table<AtomicU64> {
        &self.tables[usize::from(self.is_second.load(Relaxed))]
    }

    /// Marks the cards of stores to `size_bytes` at `address`.
    #[inline]
    pub(crate) fn mark(&self, address: usize, size_bytes: usize) {
        let mut offset = 0;
        while offset < size_bytes {
            let card = card_of(address + offset);
            let bits = 1 << (card % CARDS_IN_WORD * 8);
            let word = self.marked_now().get(card / CARDS_IN_WORD);
            if word.load(Relaxed) & bits == 0 {
                word.fetch_or(bits, Relaxed);
            }
            offset += CARD_BYTES;
        }
    }

    /// Begins a marking, in which all cards of a heap of `size_bytes` that are marked so far are to be claimed. With the world
    /// stopped; all that the last marking left was claimed.
    pub(crate) fn begin_marking(&self, size_bytes: usize) {
        self.is_second.fetch_xor(true, Relaxed);
        self.next.store(0, Relaxed);
        self.size_bytes.store(size_bytes, Relaxed);
    }

    /// Takes some cards of the heap at `base`, wipes them, and calls `visit` with the memory that stores may have reached for each
    /// that was marked, less what the next one stands for if that was, too: address and size. False when no marked ones were left
    /// to take.
    pub(crate) fn claim(&self, base: usize, mut visit: impl FnMut(usize, usize)) -> bool {
        let memory_cards = self.size_bytes.load(Relaxed) / CARD_BYTES;
        let mut is_any_marked = false;
        while !is_any_marked {
            let Some(first) = self.next_helping() else {
                return false;
            };
            for (card, word) in self.helping(base, first) {
                let mut rest = wipe(word);
                is_any_marked |= rest != 0;
                while rest != 0 {
                    let position = rest.trailing_zeros() / 8;
                    rest &= !(0xff << (position * 8));
                    let is_next_marked = rest & 0xff00 << (position * 8) != 0;
                    let reach = CARD_BYTES * if is_next_marked { 1 } else { 2 };
                    // All that share it.
                    let marked = card + position as usize;
                    for card in (marked..memory_cards).step_by(CARD_COUNT) {
                        visit(base + card * CARD_BYTES, reach);
                    }
                }
            }
        }
        true
    }

    /// Takes some cards of the heap at `base` and wipes them; false when none were left to take.
    pub(crate) fn claim_and_forget(&self, base: usize) -> bool {
        for _ in 0..HELPINGS_TO_FORGET {
            let Some(first) = self.next_helping() else {
                return false;
            };
            for (_, word) in self.helping(base, first) {
                wipe(word);
            }
        }
        true
    }

    /// The first card of a helping that nobody else has.
    fn next_helping(&self) -> Option<usize> {
        let memory_cards = self.size_bytes.load(Relaxed) / CARD_BYTES;
        let first = self.next.fetch_add(1, Relaxed) * CARDS_AT_ONCE;
        (first < memory_cards.min(CARD_COUNT)).then_some(first)
    }

    /// The words of a helping, each with its first card.
    fn helping(&self, base: usize, first: usize) -> impl Iterator<Item = (usize, &AtomicU64)> {
        let words = &self.tables[usize::from(!self.is_second.load(Relaxed))];
        let cards = (first..first + CARDS_AT_ONCE).step_by(CARDS_IN_WORD);
        cards.map(move |card| {
            let word = card_of(base + card * CARD_BYTES) / CARDS_IN_WORD;
            (card, words.get(word))
        })
    }
}

/// What was marked in a word of a helping; nothing is from now on.
fn wipe(word: &AtomicU64) -> u64 {
    let marked = word.load(Relaxed);
    if marked != 0 {
        word.store(0, Relaxed);
    }
    marked
}

fn card_of(address: usize) -> usize {
    (address as u32 >> CARD_SHIFT) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: usize = 0x7f12_ffe0_0000;

    fn claim_with_reach(cards: &CardTable, size_bytes: usize) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        cards.begin_marking(size_bytes);
        while cards.claim(BASE, |address, reach| found.push((address - BASE, reach))) {}
        found
    }

    fn claim_all(cards: &CardTable, size_bytes: usize) -> Vec<usize> {
        let found = claim_with_reach(cards, size_bytes);
        found.into_iter().map(|(address, _)| address).collect()
    }

    #[test]
    fn what_follows_a_card_is_looked_at_once() {
        let cards = CardTable::new().expect("address space");
        // A store may reach beyond its card; of two neighbours in a word of the table the second stands for what is there.
        for address in [512, 1024, 3584, 4096, 6144] {
            cards.mark(BASE + address, 8);
        }
        let found = claim_with_reach(&cards, 1 << 20);
        let once = [(512, 512), (1024, 1024)];
        let in_two_words = [(3584, 1024), (4096, 1024)];
        assert_eq!(found, [&once[..], &in_two_words, &[(6144, 1024)]].concat());
    }

    #[test]
    fn what_is_forgotten_is_not_found() {
        let cards = CardTable::new().expect("address space");
        cards.mark(BASE + 5000, 8);
        cards.mark(BASE + (3 << 20), 8);
        cards.begin_marking(4 << 20);
        while cards.claim_and_forget(BASE) {}
        for _ in 0..2 {
            assert!(claim_all(&cards, 4 << 20).is_empty());
        }
    }

    #[test]
    fn a_marked_card_is_found_once() {
        let cards = CardTable::new().expect("address space");
        cards.mark(BASE + 5000, 8);
        cards.mark(BASE + (3 << 20), 1);
        cards.mark(BASE + 511, 513);
        let found = claim_all(&cards, 4 << 20);
        assert_eq!(found, [0, 512, 4608, 3 << 20]);
        cards.mark(BASE + 1024, 8);
        assert_eq!(claim_all(&cards, 4 << 20), [1024]);
        assert!(claim_all(&cards, 4 << 20).is_empty());
    }

    #[test]
    fn memory_four_gibibytes_apart_shares_cards() {
        let cards = CardTable::new().expect("address space");
        cards.mark(BASE + 512 + (8 << 30), 8);
        let found = claim_all(&cards, 9 << 30);
        assert_eq!(found, [512, 512 + (4 << 30), 512 + (8 << 30)]);
        assert!(claim_all(&cards, 9 << 30).is_empty());
    }
}
