//! `WorkBuffer`: what the marker has found and not yet looked into.
//!
//! ```text
//!   found pointer -> ring (64, prefetching) -> test mark -> scan at once
//!                      | full: the oldest is tested, and if newly marked:
//!                      v
//!                    stack (grey: marked, to be scanned), and pieces (the rest of large objects)
//! ```
//! The ring hides the misses on mark bits and objects: what leaves it was asked for 64 pointers ago. The stack holds every
//! object at most once, so it never outgrows the heap; a piece is scanned when the stack is empty and the ring has room for what
//! it points to, so that a huge array fills neither.
//!
//! Source: OCaml 5's prefetching marker (`runtime/major_gc.c`); Cher, Hosking, Vitek, "Software Prefetching for
//! Mark-Sweep Garbage Collection" (ASPLOS 2004).

/// A slot to mark or to scan.
#[derive(Clone, Copy, Default)]
pub(crate) struct WorkItem {
    /// First byte of the object.
    pub(crate) base: usize,
    /// First page of its span.
    pub(crate) page: u32,
    /// Which slot of the span.
    pub(crate) index: u16,
    /// Whether it is marked already and only waits to be scanned.
    pub(crate) is_grey: bool,
}

/// A part of a large object that is left to scan.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) item: WorkItem,
    /// Where its scan goes on.
    pub(crate) next_word: usize,
    /// Where it ends.
    pub(crate) end_word: usize,
}

/// How many found pointers wait for their prefetch. Fewer hide less; more fall out of the first-level cache again.
pub(crate) const RING_LENGTH: usize = 64;

/// Fewest grey objects worth sharing. Few, since the oldest ones of a tree have most of it below them.
const MIN_SHARED: usize = 4;

/// Work of one marker.
pub(crate) struct WorkBuffer {
    ring: [WorkItem; RING_LENGTH],
    /// Position of the oldest item of the ring.
    oldest: usize,
    ring_length: usize,
    stack: Vec<WorkItem>,
    pieces: Vec<Piece>,
}

impl WorkBuffer {
    pub(crate) fn new() -> Self {
        Self {
            ring: [WorkItem::default(); RING_LENGTH],
            oldest: 0,
            ring_length: 0,
            stack: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// Puts `item` into the ring; hands out the oldest when that was full.
    #[inline]
    pub(crate) fn push_ring(&mut self, item: WorkItem) -> Option<WorkItem> {
        if self.ring_length == RING_LENGTH {
            let oldest = std::mem::replace(&mut self.ring[self.oldest], item);
            self.oldest = (self.oldest + 1) % RING_LENGTH;
            return Some(oldest);
        }
        self.ring[(self.oldest + self.ring_length) % RING_LENGTH] = item;
        self.ring_length += 1;
        None
    }

    /// Takes the oldest item of the ring.
    #[inline]
    pub(crate) fn pop_ring(&mut self) -> Option<WorkItem> {
        if self.ring_length == 0 {
            return None;
        }
        let item = self.ring[self.oldest];
        self.oldest = (self.oldest + 1) % RING_LENGTH;
        self.ring_length -= 1;
        Some(item)
    }

    /// Whether the ring is so empty that grey objects should be sent through it to be prefetched.
    #[inline]
    pub(crate) fn is_ring_low(&self) -> bool {
        self.ring_length < RING_LENGTH / 4
    }

    /// Keeps a grey object for later.
    #[inline]
    pub(crate) fn push_grey(&mut self, item: WorkItem) {
        self.stack.push(WorkItem {
            is_grey: true,
            ..item
        });
    }

    #[inline]
    pub(crate) fn pop_grey(&mut self) -> Option<WorkItem> {
        self.stack.pop()
    }

    pub(crate) fn push_piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    pub(crate) fn pop_piece(&mut self) -> Option<Piece> {
        self.pieces.pop()
    }

    /// Takes over grey objects from another marker.
    pub(crate) fn add_grey(&mut self, mut grey: Vec<WorkItem>) {
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
    pub(crate) fn spare(&mut self) -> Option<(Vec<WorkItem>, Vec<Piece>)> {
        if self.stack.len() < MIN_SHARED && self.pieces.len() < 2 {
            return None;
        }
        let kept = self.stack.split_off(self.stack.len() / 2);
        let pieces = self.pieces.split_off(self.pieces.len().min(1));
        Some((std::mem::replace(&mut self.stack, kept), pieces))
    }

    /// All grey objects and pieces. The ring must be empty.
    pub(crate) fn take_all(&mut self) -> (Vec<WorkItem>, Vec<Piece>) {
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
    fn the_ring_is_first_in_first_out_and_hands_out_what_does_not_fit() {
        let item = |base| WorkItem {
            base,
            ..WorkItem::default()
        };
        let mut work = WorkBuffer::new();
        for base in 0..RING_LENGTH {
            assert!(work.push_ring(item(base)).is_none());
        }
        for base in 0..100 {
            assert_eq!(
                work.push_ring(item(RING_LENGTH + base))
                    .map(|oldest| oldest.base),
                Some(base)
            );
        }
        for base in 100..100 + RING_LENGTH {
            assert_eq!(work.pop_ring().map(|oldest| oldest.base), Some(base));
        }
        assert!(work.pop_ring().is_none());
    }
}
