//! `WorkBuffer`: what the marker has found and not yet looked into.
//!
//! ```text
//!   found pointer -> ring (64, prefetching) -> test marks of a group -> scan at once
//!                      | full: the oldest are tested, and those newly marked go to
//!                      v
//!                    stack (grey: marked, to be scanned), and pieces (the rest of large objects)
//! ```
//! The ring hides the misses on mark bits and objects: what leaves it was asked for 64 pointers ago. The stack holds every
//! object at most once, so it never outgrows the heap; a piece is scanned when the stack is empty and the ring has room for what
//! it points to, so that a huge array fills neither.
//!
//! Source: OCaml 5's prefetching marker (`runtime/major_gc.c`); Cher, Hosking, Vitek, "Software Prefetching for
//! Mark-Sweep Garbage Collection" (ASPLOS 2004).

/// Some slots of one group: of 64 slots of a span, whose mark bits are one word. Pointers are often found in the order in which
/// their targets lie in memory; then those of a set are marked at once, and looked up once.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct SlotSet {
    /// First page of the span.
    pub(crate) page: u32,
    /// Which group of the span.
    pub(crate) group: u16,
    /// A bit for each slot.
    pub(crate) slots: u64,
}

/// A part of a large object that is left to scan.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    /// First page of the span.
    pub(crate) page: u32,
    /// Which slot of the span.
    pub(crate) index: u16,
    /// Where its scan goes on.
    pub(crate) next_word: usize,
    /// Where it ends.
    pub(crate) end_word: usize,
}

/// How many found pointers wait for their prefetch. Fewer hide less; more fall out of the first-level cache again.
pub(crate) const RING_LENGTH: usize = 64;

/// Fewest grey objects worth sharing. Few, since the oldest ones of a tree have most of it below them.
const MIN_SHARED: usize = 4;

/// A slot in the ring.
/// ```text
///   0..6    slot of the group
///   6..22   group of the span
///   22..54  first page of the span
///   54      the slot is grey already and only waits to be scanned
/// ```
#[derive(Clone, Copy, Default)]
struct RingItem(u64);

const GROUP_SHIFT: u32 = 6;
const PAGE_SHIFT: u32 = 22;
const GREY_BIT: u64 = 1 << 54;

impl RingItem {
    /// The slot as a bit of its group.
    fn bit(self) -> u64 {
        1 << (self.0 % 64)
    }

    /// Whether both are of the same group and colour.
    fn is_alike(self, other: Self) -> bool {
        self.0 >> GROUP_SHIFT == other.0 >> GROUP_SHIFT
    }
}

/// Work of one marker.
pub(crate) struct WorkBuffer {
    ring: [RingItem; RING_LENGTH],
    /// Position of the oldest item of the ring.
    oldest: usize,
    ring_length: usize,
    stack: Vec<SlotSet>,
    pieces: Vec<Piece>,
}

impl WorkBuffer {
    pub(crate) fn new() -> Self {
        Self {
            ring: [RingItem::default(); RING_LENGTH],
            oldest: 0,
            ring_length: 0,
            stack: Vec::new(),
            pieces: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn is_ring_full(&self) -> bool {
        self.ring_length == RING_LENGTH
    }

    #[inline]
    pub(crate) fn is_ring_empty(&self) -> bool {
        self.ring_length == 0
    }

    /// Puts slot `index` of the span at `page` into the ring, which is not full.
    #[inline]
    pub(crate) fn push_ring(&mut self, page: usize, index: usize, is_grey: bool) {
        debug_assert!(!self.is_ring_full());
        let grey = if is_grey { GREY_BIT } else { 0 };
        let item = RingItem((page as u64) << PAGE_SHIFT | index as u64 | grey);
        self.ring[(self.oldest + self.ring_length) % RING_LENGTH] = item;
        self.ring_length += 1;
    }

    /// Takes the oldest item of the ring, with those next to it that are of the same group, and tells whether they are grey.
    #[inline]
    pub(crate) fn pop_ring(&mut self) -> Option<(SlotSet, bool)> {
        if self.ring_length == 0 {
            return None;
        }
        let first = self.ring[self.oldest];
        let mut slots = 0;
        while self.ring_length > 0 && self.ring[self.oldest].is_alike(first) {
            slots |= self.ring[self.oldest].bit();
            self.oldest = (self.oldest + 1) % RING_LENGTH;
            self.ring_length -= 1;
        }
        let set = SlotSet {
            page: (first.0 >> PAGE_SHIFT) as u32,
            group: (first.0 >> GROUP_SHIFT) as u16,
            slots,
        };
        Some((set, first.0 & GREY_BIT != 0))
    }

    /// Whether the ring is so empty that grey objects should be sent through it to be prefetched.
    #[inline]
    pub(crate) fn is_ring_low(&self) -> bool {
        self.ring_length < RING_LENGTH / 4
    }

    /// Keeps grey objects for later, if there are any in the set.
    #[inline]
    pub(crate) fn push_grey(&mut self, set: SlotSet) {
        if set.slots != 0 {
            self.stack.push(set);
        }
    }

    #[inline]
    pub(crate) fn pop_grey(&mut self) -> Option<SlotSet> {
        self.stack.pop()
    }

    pub(crate) fn push_piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    pub(crate) fn pop_piece(&mut self) -> Option<Piece> {
        self.pieces.pop()
    }

    /// Takes over grey objects from another marker.
    pub(crate) fn add_grey(&mut self, mut grey: Vec<SlotSet>) {
        if self.stack.is_empty() {
            self.stack = grey;
        } else {
            self.stack.append(&mut grey);
        }
    }

    /// Replaces the only piece, if there are no others and few grey objects, by the parts that `split` makes of it.
    pub(crate) fn split_only_piece(&mut self, split: impl FnOnce(Piece) -> Option<[Piece; 2]>) {
        if self.stack.len() < MIN_SHARED
            && let [only] = self.pieces[..]
            && let Some(parts) = split(only)
        {
            self.pieces = parts.into();
        }
    }

    /// The older half of the grey objects, if there are some, and all pieces but one: what another marker may have.
    pub(crate) fn spare(&mut self) -> Option<(Vec<SlotSet>, Vec<Piece>)> {
        if self.stack.len() < MIN_SHARED && self.pieces.len() < 2 {
            return None;
        }
        let kept = self.stack.split_off(self.stack.len() / 2);
        let pieces = self.pieces.split_off(self.pieces.len().min(1));
        Some((std::mem::replace(&mut self.stack, kept), pieces))
    }

    /// All grey objects and pieces. The ring must be empty.
    pub(crate) fn take_all(&mut self) -> (Vec<SlotSet>, Vec<Piece>) {
        debug_assert_eq!(self.ring_length, 0);
        (
            std::mem::take(&mut self.stack),
            std::mem::take(&mut self.pieces),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_first_in_first_out() {
        let mut work = WorkBuffer::new();
        for round in 0..5 {
            for page in 0..40 {
                work.push_ring(round * 100 + page, 129, page % 2 == 1);
            }
            for page in 0..40 {
                let set = SlotSet {
                    page: (round * 100 + page) as u32,
                    group: 2,
                    slots: 2,
                };
                assert_eq!(work.pop_ring(), Some((set, page % 2 == 1)));
            }
            assert!(work.pop_ring().is_none());
        }
    }

    #[test]
    fn neighbours_in_the_ring_leave_it_together() {
        let mut work = WorkBuffer::new();
        for index in [64, 66, 66, 127, 128] {
            work.push_ring(u32::MAX as usize, index, false);
        }
        work.push_ring(u32::MAX as usize, 129, true);
        let set = |group, slots| SlotSet {
            page: u32::MAX,
            group,
            slots,
        };
        assert_eq!(work.pop_ring(), Some((set(1, 1 << 63 | 0b101), false)));
        assert_eq!(work.pop_ring(), Some((set(2, 0b01), false)));
        assert_eq!(work.pop_ring(), Some((set(2, 0b10), true)));
        for index in 0..RING_LENGTH {
            assert!(!work.is_ring_full());
            work.push_ring(7, index, false);
        }
        assert!(work.is_ring_full());
        let all = SlotSet {
            page: 7,
            group: 0,
            slots: !0,
        };
        assert_eq!(work.pop_ring(), Some((all, false)));
    }
}
