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

/// Slots in the ring: those of one group that were found one after the other.
#[derive(Clone, Copy, Default)]
struct RingItem {
    /// What they have in common.
    /// ```text
    ///   0..16   group of the span
    ///   16..48  first page of the span
    ///   48      the slots are grey already and only wait to be scanned
    /// ```
    key: u64,
    /// A bit for each slot.
    slots: u64,
    /// How many pointers there were to them.
    count: usize,
}

const PAGE_SHIFT: u32 = 16;
const GREY_BIT: u64 = 1 << 48;

/// Work of one marker.
pub(crate) struct WorkBuffer {
    ring: [RingItem; RING_LENGTH],
    /// Position of the oldest item of the ring.
    oldest: usize,
    /// Position of the newest, if there is one.
    newest: usize,
    /// Pointers in the ring; it has no more items than that.
    ring_length: usize,
    stack: Vec<SlotSet>,
    pieces: Vec<Piece>,
}

impl WorkBuffer {
    pub(crate) fn new() -> Self {
        Self {
            ring: [RingItem::default(); RING_LENGTH],
            oldest: 0,
            newest: RING_LENGTH - 1,
            ring_length: 0,
            stack: Vec::new(),
            pieces: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn is_ring_full(&self) -> bool {
        self.ring_room() == 0
    }

    #[inline]
    pub(crate) fn is_ring_empty(&self) -> bool {
        self.ring_length == 0
    }

    /// How many more pointers the ring takes.
    #[inline]
    pub(crate) fn ring_room(&self) -> usize {
        RING_LENGTH - self.ring_length
    }

    /// Puts slot `index` of the span at `page` into the ring, which is not full.
    #[inline]
    pub(crate) fn push_ring(&mut self, page: usize, index: usize, is_grey: bool) {
        let set = SlotSet {
            page: page as u32,
            group: (index / 64) as u16,
            slots: 1 << (index % 64),
        };
        self.push_ring_set(set, 1, is_grey);
    }

    /// Puts slots to which `count` pointers were found into the ring, which has room for as many.
    #[inline]
    pub(crate) fn push_ring_set(&mut self, set: SlotSet, count: usize, is_grey: bool) {
        debug_assert!(count <= self.ring_room());
        let grey = if is_grey { GREY_BIT } else { 0 };
        let key = u64::from(set.page) << PAGE_SHIFT | u64::from(set.group) | grey;
        let newest = &mut self.ring[self.newest];
        if newest.key == key && self.ring_length > 0 {
            newest.slots |= set.slots;
            newest.count += count;
        } else {
            self.newest = (self.newest + 1) % RING_LENGTH;
            self.ring[self.newest] = RingItem {
                key,
                slots: set.slots,
                count,
            };
        }
        self.ring_length += count;
    }

    /// Takes the oldest slots of the ring, those of one group, and tells whether they are grey.
    #[inline]
    pub(crate) fn pop_ring(&mut self) -> Option<(SlotSet, bool)> {
        if self.ring_length == 0 {
            return None;
        }
        let RingItem { key, slots, count } = self.ring[self.oldest];
        self.oldest = (self.oldest + 1) % RING_LENGTH;
        self.ring_length -= count;
        let set = SlotSet {
            page: (key >> PAGE_SHIFT) as u32,
            group: key as u16,
            slots,
        };
        Some((set, key & GREY_BIT != 0))
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
    fn what_was_found_together_counts_as_often_as_it_was_found() {
        let mut work = WorkBuffer::new();
        let set = |slots| SlotSet {
            page: 3,
            group: 1,
            slots,
        };
        work.push_ring_set(set(0b110), 5, false);
        work.push_ring_set(set(0b011), 2, false);
        work.push_ring_set(set(0b011), 2, true);
        assert_eq!(work.ring_room(), RING_LENGTH - 9);
        assert_eq!(work.pop_ring(), Some((set(0b111), false)));
        assert_eq!(work.ring_room(), RING_LENGTH - 2);
        assert_eq!(work.pop_ring(), Some((set(0b011), true)));
        assert!(work.is_ring_empty());
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
        for index in 1..RING_LENGTH {
            assert!(!work.is_ring_full());
            work.push_ring(7, index, false);
        }
        assert_eq!(work.ring_room(), 1);
        work.push_ring(7, 0, false);
        assert!(work.is_ring_full());
        let all = SlotSet {
            page: 7,
            group: 0,
            slots: !0,
        };
        assert_eq!(work.pop_ring(), Some((all, false)));
    }
}
