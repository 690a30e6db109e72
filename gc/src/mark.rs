//! `Marker`: from roots to everything reachable.
//!
//! Colours, by two facts: **white** has no mark bit; **grey** has one and waits in a [`WorkBuffer`] to be scanned; **black**
//! has one and was scanned. Marking ends when no grey is left; what is white then is dead. Objects may be stored to
//! meanwhile, see [`crate::barrier`]; those allocated meanwhile are black, so no marker reads what is being initialised.
//!
//! What must hold: a precise pointer hits an allocated slot or lies outside the heap. One into free pages, or into freed
//! memory that poison mode filled, ends the process: something in use was freed.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::arena::Arena;
use crate::heap::Heap;
use crate::layout::{CARD_BYTES, LayoutTable, PAGE_SIZE_BYTES, WORD_SIZE_BYTES};
use crate::mark_pool::{Found, Work};
use crate::object::{POISON, prefetch, read_word};
use crate::span::{PageDescriptor, PageKind, Slot, Span, is_set, marked_not_black};
use crate::verify::{describe_object, fatal};
use crate::work::{Piece, RING_LENGTH, SlotSet, WorkBuffer};

/// Marks what it is given and all that is reachable from it.
pub(crate) struct Marker<'heap> {
    heap: &'heap Heap,
    /// The table when the marker began, or a later one: what was registered since is of black objects.
    layouts: Arc<LayoutTable>,
    work: WorkBuffer,
    /// The object being scanned, for messages; 0 for a root.
    scanned_base: usize,
    is_strict: bool,
    /// Bytes of the slots of objects marked, not yet told to the pool.
    marked_bytes: u64,
    /// Words left to scan until the next look; what an object has beyond is forgiven.
    words_left: usize,
    #[cfg(test)]
    until_overlooked: u32,
}

/// Words scanned between two looks at the budget and at who has no work.
const WORDS_PER_LOOK: usize = 128;

/// How much of a large object is scanned at a time: what the ring can take when it is low, so that what is found waits there, to be
/// marked and scanned in one go, and does not get on the stack.
const PIECE_WORDS: usize = RING_LENGTH * 3 / 4;

/// A piece that is worth dividing between two markers (32 KiB).
const MIN_SPLIT_WORDS: usize = (32 << 10) / WORD_SIZE_BYTES;

impl<'heap> Marker<'heap> {
    /// A marker without work, counted as active until [`Self::finish`]; `None` when no marking is under way.
    pub(crate) fn enter(heap: &'heap Heap) -> Option<Self> {
        // The layouts after that: a marking that we are not part of may have ended just now, and another begun.
        heap.pool.enter().then(|| Self {
            heap,
            layouts: heap.layouts_now(),
            work: WorkBuffer::new(),
            scanned_base: 0,
            is_strict: heap.options.verify || heap.options.poison,
            marked_bytes: 0,
            words_left: 0,
            #[cfg(test)]
            until_overlooked: heap.overlook_every,
        })
    }

    /// Shades the object that a root points into. A root is scanned at a time when nothing else is.
    pub(crate) fn shade_root(&mut self, address: usize) {
        self.scanned_base = 0;
        self.shade(address);
    }

    /// Shades the object that `word` points into, if it happens to.
    pub(crate) fn shade_conservative(&mut self, word: usize) {
        let arena = &self.heap.arena;
        // Most of what stores erase is marked by then.
        if let Some(slot) = Slot::find(arena, word)
            && !is_set(arena.marks(slot.page), slot.index)
            && slot.is_allocated(arena, self.heap.cycle.load(Relaxed))
        {
            self.scanned_base = 0;
            self.shade_slot(slot, word);
        }
    }

    /// Shades what the object at `address` points to, but not the object. One that is marked is scanned anyway, and may be of
    /// a layout that this marker does not know.
    pub(crate) fn scan_contents(&mut self, address: usize) {
        let arena = &self.heap.arena;
        let Some(slot) = Slot::find(arena, address) else {
            return;
        };
        if slot.descriptor.is_noscan() || is_set(arena.marks(slot.page), slot.index) {
            return;
        }
        self.scan(SlotSet {
            page: slot.page as u32,
            group: (slot.index / 64) as u16,
            slots: 1 << (slot.index % 64),
        });
    }

    /// Shades what the old objects in the memory of a card point to, as far as they do from `reach` bytes from there on.
    pub(crate) fn scan_card(&mut self, card: usize, reach: usize) {
        let arena = &self.heap.arena;
        // A card lies in one page, and so in one span.
        let Some(first) = Slot::find(arena, card).filter(|slot| !slot.descriptor.is_noscan())
        else {
            return;
        };
        let last_index =
            Slot::find(arena, card + CARD_BYTES - 1).map_or(first.index, |last| last.index);
        for group in first.index / 64..=last_index / 64 {
            let mut rest = marked_not_black(arena, first.page, group)
                & !0 << first.index.saturating_sub(group * 64);
            if last_index < group * 64 + 63 {
                rest &= (1 << (last_index + 1 - group * 64)) - 1;
            }
            while rest != 0 {
                let index = group * 64 + rest.trailing_zeros() as usize;
                let distance = (index - first.index) * first.size_bytes(arena);
                self.scan_slot_near(
                    card,
                    reach,
                    Slot {
                        index,
                        base: first.base + distance,
                        ..first
                    },
                );
                rest &= rest - 1;
            }
        }
    }

    fn scan_slot_near(&mut self, card: usize, reach: usize, slot: Slot) {
        let arena = &self.heap.arena;
        self.scanned_base = slot.base;
        let id = slot.layout(arena);
        let mut rest = self.layouts.slot_mask(id);
        if rest != 0 {
            while rest != 0 {
                let word = rest.trailing_zeros() as usize;
                self.shade_young(read_word(arena, slot.base + word * WORD_SIZE_BYTES));
                rest &= rest - 1;
            }
            return;
        }
        let layouts = Arc::clone(&self.layouts);
        let size_bytes = slot.size_bytes(arena);
        let first = card.saturating_sub(slot.base) / WORD_SIZE_BYTES;
        let end = (card + reach - slot.base).min(size_bytes) / WORD_SIZE_BYTES;
        let visit = |word| self.shade_young(read_word(arena, slot.base + word * WORD_SIZE_BYTES));
        let object_words = size_bytes / WORD_SIZE_BYTES;
        layouts
            .get(id)
            .pattern
            .visit_pointer_words_near(first, end, object_words, visit);
    }

    /// As [`Self::shade`], for a pointer out of an old object: most are to old ones.
    fn shade_young(&mut self, address: usize) {
        let arena = &self.heap.arena;
        let is_marked = Slot::find(arena, address)
            .is_some_and(|slot| is_set(arena.marks(slot.page), slot.index));
        if !is_marked {
            self.shade(address);
        }
    }

    /// Scans own and shared work until none is left, or about `budget` words were scanned; whether none is left. Other
    /// markers may still have some.
    pub(crate) fn drain(&mut self, mut budget: usize) -> bool {
        loop {
            let step = budget.min(WORDS_PER_LOOK);
            let is_idle = self.drain_own(step);
            self.tell_marked();
            if is_idle {
                match self.heap.pool.take() {
                    None => return true,
                    Some(Work::Grey(grey)) => self.work.add_grey(grey),
                    Some(Work::Piece(piece)) => self.work.push_piece(piece),
                    Some(Work::Found(found)) => self.shade_found(&found),
                }
            } else if self.heap.pool.is_hungry() {
                self.share();
            }
            budget -= step;
            if budget == 0 {
                return false;
            }
        }
    }

    /// Gives work to the pool that others can do, if there is enough.
    fn share(&mut self) {
        let (arena, layouts) = (&self.heap.arena, &self.layouts);
        self.work.split_only_piece(|piece| {
            let slot = Slot::numbered(arena, piece.page as usize, usize::from(piece.index));
            let pattern = &layouts.get(slot.layout(arena)).pattern;
            let middle = pattern.start_before(usize::midpoint(piece.next_word, piece.end_word));
            let is_worth_it = piece.end_word - piece.next_word >= MIN_SPLIT_WORDS;
            (is_worth_it && middle > piece.next_word).then_some([
                Piece {
                    next_word: middle,
                    ..piece
                },
                Piece {
                    end_word: middle,
                    ..piece
                },
            ])
        });
        if let Some((grey, mut pieces)) = self.work.spare() {
            self.heap.pool.add_grey(grey, &mut pieces);
        }
    }

    /// Gives all work left to the pool, and what was counted.
    pub(crate) fn finish(mut self) {
        // Pointers in the ring are not marked yet.
        while !self.work.is_ring_empty() {
            self.shorten_ring();
        }
        self.tell_marked();
        let (grey, mut pieces) = self.work.take_all();
        let pool = &self.heap.pool;
        pool.add_grey(grey, &mut pieces);
        pool.leave();
    }

    /// Adds to what all have marked, by which mutators are paced.
    fn tell_marked(&mut self) {
        if self.marked_bytes != 0 {
            self.heap
                .pool
                .marked_bytes
                .fetch_add(std::mem::take(&mut self.marked_bytes), Relaxed);
        }
    }

    fn shade_found(&mut self, found: &Found) {
        for &word in &found.words {
            if found.is_precise {
                self.shade_root(word);
            } else {
                self.shade_conservative(word);
            }
        }
    }

    /// Scans own work until none is left, or about `budget` words were scanned; whether none is left.
    fn drain_own(&mut self, budget: usize) -> bool {
        self.words_left = budget;
        while self.words_left > 0 {
            self.fill_ring();
            if self.work.is_ring_low()
                && let Some(piece) = self.work.pop_piece()
            {
                self.scan_piece(piece);
            } else if let Some((set, is_grey)) = self.work.pop_ring() {
                let grey = if is_grey { set } else { self.mark(set) };
                if grey.slots == 0 {
                    self.words_left -= 1;
                } else {
                    self.scan(grey);
                }
            } else {
                return true;
            }
        }
        false
    }

    /// Sends grey objects through the ring once more, as long as it is low.
    #[inline]
    fn fill_ring(&mut self) {
        while self.work.is_ring_low()
            && let Some(mut set) = self.work.pop_grey()
        {
            let page = set.page as usize;
            let slots_at = SlotsAt::of(&self.heap.arena, set);
            while set.slots != 0 && !self.work.is_ring_full() {
                let slot = set.slots.trailing_zeros() as usize;
                prefetch(slots_at.base(slot));
                let index = usize::from(set.group) * 64 + slot;
                self.work.push_ring(page, index, true);
                set.slots &= set.slots - 1;
            }
            self.work.push_grey(set);
        }
    }

    /// Makes room in the ring: the oldest become grey and wait on the stack.
    #[inline]
    fn shorten_ring(&mut self) {
        if let Some((set, is_grey)) = self.work.pop_ring() {
            let grey = if is_grey { set } else { self.mark(set) };
            self.work.push_grey(grey);
        }
    }

    /// Sends a found pointer through the ring. Anything outside the heap is ignored.
    fn shade(&mut self, address: usize) {
        self.shade_inline(address);
    }

    /// As [`Self::shade`], for the one place where a call would cost.
    #[expect(
        clippy::inline_always,
        reason = "the marker's innermost step: measured to take a tenth of its time as a call"
    )]
    #[inline(always)]
    fn shade_inline(&mut self, address: usize) {
        let Some((_, span)) = self.find_span(address) else {
            return;
        };
        #[cfg(test)]
        if self.is_overlooked() {
            return;
        }
        let slot = self.find_slot(span, address);
        self.shade_slot(slot, address);
    }

    /// The page that a found pointer points into, and the span of that; `None` outside the heap.
    #[inline]
    fn find_span(&self, address: usize) -> Option<(usize, Span)> {
        // Most pointers out of the heap are nil.
        if address == 0 {
            return None;
        }
        let Some(page) = self.heap.arena.page_of(address) else {
            if address == POISON {
                self.die_of(address, "a pointer out of freed memory");
            }
            return None;
        };
        let Some(span) = Span::of(&self.heap.arena, page) else {
            self.die_of(address, "a pointer into free pages");
        };
        Some((page, span))
    }

    /// The slot that a pointer into `span` points into.
    #[inline]
    fn find_slot(&self, span: Span, address: usize) -> Slot {
        let slot = span.slot(address);
        if self.is_strict && !is_set(self.heap.arena.allocs(slot.page), slot.index) {
            self.die_of(address, "a pointer to a freed object");
        }
        slot
    }

    /// Sends a slot that was found, by a pointer with this address, through the ring.
    #[expect(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn shade_slot(&mut self, slot: Slot, address: usize) {
        self.prefetch_mark(slot);
        if !slot.descriptor.is_noscan() {
            prefetch(address);
        }
        if self.work.is_ring_full() {
            self.shorten_ring();
        }
        self.work.push_ring(slot.page, slot.index, false);
    }

    /// Marks slots; those that were white and may hold pointers have to be scanned now.
    #[inline]
    fn mark(&mut self, set: SlotSet) -> SlotSet {
        let page = set.page as usize;
        let word = &self.heap.arena.marks(page)[usize::from(set.group)];
        // Other markers, and refills that allocate black, set bits of the same word. Many are found set, which costs no locked
        // instruction.
        let mut slots = set.slots & !word.load(Relaxed);
        if slots != 0 {
            slots &= !word.fetch_or(slots, Relaxed);
            let descriptor = PageDescriptor::of(&self.heap.arena, page);
            self.count_marked(page, descriptor, slots);
            if descriptor.is_noscan() {
                slots = 0;
            }
        }
        SlotSet { slots, ..set }
    }

    #[inline]
    fn count_marked(&mut self, page: usize, descriptor: PageDescriptor, slots: u64) {
        self.marked_bytes += match descriptor.kind() {
            PageKind::Large => self.heap.arena.info(page).object_size_bytes.load(Relaxed),
            _ => descriptor.slot_size_bytes() as u64 * u64::from(slots.count_ones()),
        };
    }

    /// Shades what grey objects point to: grey to black, or the rest becomes a piece.
    #[inline]
    fn scan(&mut self, set: SlotSet) {
        let heap = self.heap;
        let descriptor = PageDescriptor::of(&heap.arena, set.page as usize);
        let words = match descriptor.kind() {
            PageKind::Slots => self.layouts.slot_mask(descriptor.layout()),
            _ => 0,
        };
        if words == 0 {
            return self.scan_by_pattern(set);
        }
        let slots_at = SlotsAt::of(&heap.arena, set);
        let mut slots = set.slots;
        let mut scanned = 0;
        while slots != 0 {
            let base = slots_at.base(slots.trailing_zeros() as usize);
            slots &= slots - 1;
            self.scanned_base = base;
            let mut rest = words;
            while rest != 0 {
                let word = rest.trailing_zeros() as usize;
                let address = read_word(&heap.arena, base + word * WORD_SIZE_BYTES);
                self.shade_inline(address);
                rest &= rest - 1;
                scanned += 1;
            }
        }
        self.words_left = self.words_left.saturating_sub(scanned);
    }

    /// As [`Self::scan`], for large slots and those with a layout of their own.
    fn scan_by_pattern(&mut self, set: SlotSet) {
        let (page, mut slots) = (set.page as usize, set.slots);
        while slots != 0 {
            let index = usize::from(set.group) * 64 + slots.trailing_zeros() as usize;
            slots &= slots - 1;
            let size_bytes =
                Slot::numbered(&self.heap.arena, page, index).size_bytes(&self.heap.arena);
            self.scan_piece(Piece {
                page: set.page,
                index: index as u16,
                next_word: 0,
                end_word: size_bytes / WORD_SIZE_BYTES,
            });
        }
    }

    fn scan_piece(&mut self, piece: Piece) {
        let heap = self.heap;
        let slot = Slot::numbered(&heap.arena, piece.page as usize, usize::from(piece.index));
        self.scanned_base = slot.base;
        let layouts = Arc::clone(&self.layouts);
        let pattern = &layouts.get(slot.layout(&heap.arena)).pattern;
        let (start, end) = (piece.next_word, piece.end_word);
        let next_word = if pattern.is_all_pointers() {
            let next_word = end.min(start + PIECE_WORDS);
            self.scan_pointers(slot, start..next_word);
            next_word
        } else {
            pattern.visit_pointer_words(start, PIECE_WORDS, end, |word| {
                self.shade(read_word(&heap.arena, slot.base + word * WORD_SIZE_BYTES));
            })
        };
        self.words_left = self.words_left.saturating_sub(next_word - start);
        if next_word < end {
            self.work.push_piece(Piece { next_word, ..piece });
        }
    }

    /// Shades what some words of the object in `slot` point to, all of them pointers. What an array points to often lies side by
    /// side: what is found of a group goes through the ring together.
    fn scan_pointers(&mut self, slot: Slot, words: Range<usize>) {
        let arena = &self.heap.arena;
        // The page that the last pointer went to; before the first, that of the object.
        let mut span = Span::of(arena, slot.page).expect("an object is in a span");
        let mut page_base = arena.page_address(slot.page);
        let (mut set, mut count) = (SlotSet::default(), 0);
        for word in words {
            let address = read_word(arena, slot.base + word * WORD_SIZE_BYTES);
            if address.wrapping_sub(page_base) >= PAGE_SIZE_BYTES {
                let Some((page, found)) = self.find_span(address) else {
                    continue;
                };
                span = found;
                page_base = arena.page_address(page);
            }
            #[cfg(test)]
            if self.is_overlooked() {
                continue;
            }
            let target = self.find_slot(span, address);
            let (page, group) = (target.page as u32, (target.index / 64) as u16);
            if (set.page, set.group) != (page, group) {
                self.push_found(set, count);
                (set, count) = (
                    SlotSet {
                        page,
                        group,
                        slots: 0,
                    },
                    0,
                );
                self.prefetch_mark(target);
            }
            set.slots |= 1 << (target.index % 64);
            count += 1;
            if !span.descriptor.is_noscan() {
                prefetch(address);
            }
        }
        self.push_found(set, count);
    }

    /// Sends slots of a group through the ring, to which `count` pointers were found; what they need was asked for.
    fn push_found(&mut self, set: SlotSet, count: usize) {
        if count > 0 {
            while self.work.ring_room() < count {
                self.shorten_ring();
            }
            self.work.push_ring_set(set, count, false);
        }
    }

    /// Asks for the mark bit of a slot.
    #[inline]
    fn prefetch_mark(&self, slot: Slot) {
        let line = self.heap.arena.marks(slot.page);
        prefetch((&raw const line[slot.index / 64 % line.len()]).addr());
    }

    #[cold]
    fn die_of(&self, address: usize, what: &str) -> ! {
        let holder = match self.scanned_base {
            0 => "a root".to_owned(),
            base => describe_object(self.heap, &self.layouts, base),
        };
        fatal(&format!(
            "found bad pointer in the heap: {what}: {address:#x} in {holder}"
        ));
    }

    #[cfg(test)]
    fn is_overlooked(&mut self) -> bool {
        if self.heap.overlook_every == 0 || self.scanned_base == 0 {
            return false;
        }
        self.until_overlooked -= 1;
        if self.until_overlooked > 0 {
            return false;
        }
        self.until_overlooked = self.heap.overlook_every;
        true
    }
}

/// Where the slots of a group are.
struct SlotsAt {
    first: usize,
    size_bytes: usize,
}

impl SlotsAt {
    #[inline]
    fn of(arena: &Arena, set: SlotSet) -> Self {
        let page = set.page as usize;
        let size_bytes = PageDescriptor::of(arena, page).slot_size_bytes();
        Self {
            first: arena.page_address(page) + usize::from(set.group) * 64 * size_bytes,
            size_bytes,
        }
    }

    /// The address of one of them; a large object is the first of its group.
    #[inline]
    fn base(&self, slot: usize) -> usize {
        self.first + slot * self.size_bytes
    }
}
