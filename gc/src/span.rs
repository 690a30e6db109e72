//! `PageDescriptor` and the life of a span: cut, swept, freed.
//!
//! A span is a run of pages that holds either slots of one size or one large object. Its bits are kept with its first page:
//! ```text
//!   alloc bit   the slot is an object, or is reserved for a cache that holds its free bit
//!   mark bit    the last marking reached it; outside of marking, of a swept span: it is old (see `generation`)
//! ```
//! What must hold:
//! - (I2) In a swept span a slot is exactly one of: object (alloc bit, in no free word), free in one cache (alloc bit and
//!   free bit; the alloc bit keeps others away), dead (no alloc bit). A flush clears the alloc bits of unused free bits.
//! - (I3) `swept_cycle` is the current cycle or the one before; nobody allocates from the latter. In an unswept span the
//!   mark bits say what is an object, and sweeping makes them the alloc bits.
//! - (I8) A span's layout changes only after all of its slots are dead and its pages went through the page heap.
//! - (I10) Slots that are objects, free or dead add up to the slots of the span; bits beyond the last slot are zero.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::arena::{Arena, BitLine};
use crate::layout::{LayoutId, PAGE_SIZE_BYTES, WORD_SIZE_BYTES};
use crate::object::{POISON, fill_words};
use crate::size_class::{SizeClass, slot_index};

/// What a page is part of, in one word: all the marker needs to find the object an address points into.
///
/// ```text
///   bits     spans of slots            large spans
///   0..32    reciprocal of slot size   page within the span
///   32..45   slot size in words        -
///   45..49   page within the span      -
///   49..51   kind                      kind
///   51       no pointers               no pointers
///   52..62   layout (has a cell)       -
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PageDescriptor(u64);

/// What a page is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PageKind {
    /// No span: free, or not committed.
    Free,
    /// Slots of one size.
    Slots,
    /// One large object.
    Large,
}

const KIND_SHIFT: u32 = 49;
const NOSCAN_BIT: u64 = 1 << 51;
const LAYOUT_SHIFT: u32 = 52;

impl PageDescriptor {
    pub(crate) const FREE: Self = Self(0);

    fn slots(class: SizeClass, layout: LayoutId, is_noscan: bool, page_in_span: usize) -> Self {
        let words = class.slot_size_bytes() / WORD_SIZE_BYTES;
        debug_assert!(words < 1 << 13 && page_in_span < 16 && layout.has_cell());
        Self(
            u64::from(class.magic())
                | (words as u64) << 32
                | (page_in_span as u64) << 45
                | (1 << KIND_SHIFT)
                | if is_noscan { NOSCAN_BIT } else { 0 }
                | (layout.index() as u64) << LAYOUT_SHIFT,
        )
    }

    fn large(is_noscan: bool, page_in_span: usize) -> Self {
        Self(page_in_span as u64 | (2 << KIND_SHIFT) | if is_noscan { NOSCAN_BIT } else { 0 })
    }

    #[inline]
    pub(crate) fn of(arena: &Arena, page: usize) -> Self {
        // Acquire: a marker may be led here by a word that happens to look like a pointer, while the span is being made.
        Self(arena.descriptor(page).load(Acquire))
    }

    #[inline]
    pub(crate) fn kind(self) -> PageKind {
        match self.0 >> KIND_SHIFT & 3 {
            0 => PageKind::Free,
            1 => PageKind::Slots,
            _ => PageKind::Large,
        }
    }

    #[inline]
    pub(crate) fn is_noscan(self) -> bool {
        self.0 & NOSCAN_BIT != 0
    }

    /// The layout of every slot; a shared one means: look beside the slot. Only for spans of slots.
    #[inline]
    pub(crate) fn layout(self) -> LayoutId {
        debug_assert_eq!(self.kind(), PageKind::Slots);
        LayoutId::from_index((self.0 >> LAYOUT_SHIFT) as usize)
    }

    /// Bytes from slot to slot. Only for spans of slots.
    #[inline]
    pub(crate) fn slot_size_bytes(self) -> usize {
        (self.0 >> 32 & 0x1fff) as usize * WORD_SIZE_BYTES
    }

    #[inline]
    fn page_in_span(self) -> usize {
        match self.kind() {
            PageKind::Large => self.0 as u32 as usize,
            _ => (self.0 >> 45 & 15) as usize,
        }
    }

    /// The first page of the span that `page`, described by self, is part of.
    #[inline]
    pub(crate) fn first_page(self, page: usize) -> usize {
        page - self.page_in_span()
    }
}

/// A span, found by address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// Its first page.
    pub(crate) page: usize,
    /// Its first byte.
    base: usize,
    /// Of one of its pages.
    pub(crate) descriptor: PageDescriptor,
}

impl Span {
    /// The span that `page` is part of; `None` for a free page.
    #[inline]
    pub(crate) fn of(arena: &Arena, page: usize) -> Option<Self> {
        let descriptor = PageDescriptor::of(arena, page);
        let first = descriptor.first_page(page);
        (descriptor.kind() != PageKind::Free).then(|| Self {
            page: first,
            base: arena.page_address(first),
            descriptor,
        })
    }

    /// The slot that `address` points into, which is in the span. The index can lie in the tail, behind the last slot; such a slot
    /// never has its alloc or mark bit set.
    #[inline]
    pub(crate) fn slot(&self, address: usize) -> Slot {
        let index = match self.descriptor.kind() {
            PageKind::Slots => slot_index(address - self.base, self.descriptor.0 as u32),
            PageKind::Large | PageKind::Free => 0,
        };
        Slot {
            page: self.page,
            index,
            base: self.base + index * self.descriptor.slot_size_bytes(),
            descriptor: self.descriptor,
        }
    }
}

/// A slot of a span, found by address. Whether it holds an object is another question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// First page of the span.
    pub(crate) page: usize,
    /// Which slot of the span.
    pub(crate) index: usize,
    /// Its first byte.
    pub(crate) base: usize,
    pub(crate) descriptor: PageDescriptor,
}

impl Slot {
    /// The slot that `address`, in `page`, points into, see [`Span::slot`]; `None` for a free page.
    #[inline]
    pub(crate) fn at(arena: &Arena, page: usize, address: usize) -> Option<Self> {
        Some(Span::of(arena, page)?.slot(address))
    }

    /// The slot that `address` points into, as [`Self::at`]; `None` also for an address outside the heap.
    #[inline]
    pub(crate) fn find(arena: &Arena, address: usize) -> Option<Self> {
        Self::at(arena, arena.page_of(address)?, address)
    }

    /// Slot `index` of the span that begins at `page`.
    #[inline]
    pub(crate) fn numbered(arena: &Arena, page: usize, index: usize) -> Self {
        let descriptor = PageDescriptor::of(arena, page);
        Self {
            page,
            index,
            base: arena.page_address(page) + index * descriptor.slot_size_bytes(),
            descriptor,
        }
    }

    /// The layout of the object in this slot.
    pub(crate) fn layout(&self, arena: &Arena) -> LayoutId {
        let is_beside = match self.descriptor.kind() {
            PageKind::Large => true,
            _ => self.descriptor.layout().is_shared(),
        };
        if is_beside {
            let id = arena.slot_layouts(self.page)[self.index].load(Relaxed);
            return LayoutId::from_index(usize::from(id));
        }
        self.descriptor.layout()
    }

    /// Bytes that the object may use: its slot, or for a large one its size rounded up to words.
    pub(crate) fn size_bytes(&self, arena: &Arena) -> usize {
        match self.descriptor.kind() {
            PageKind::Large => arena.info(self.page).object_size_bytes.load(Relaxed) as usize,
            _ => self.descriptor.slot_size_bytes(),
        }
    }

    /// Whether the slot is an object. In an unswept span those the last marking reached.
    pub(crate) fn is_allocated(&self, arena: &Arena, cycle: u32) -> bool {
        let is_swept = arena.info(self.page).swept_cycle.load(Relaxed) == cycle;
        let line = if is_swept {
            arena.allocs(self.page)
        } else {
            arena.marks(self.page)
        };
        // Acquire: a slot handed out while marking is black before it counts as an object (I4).
        line[self.index / 64].load(Acquire) >> (self.index % 64) & 1 != 0
    }
}

/// Whether bit `index` of a line is set.
#[inline]
pub(crate) fn is_set(line: &BitLine, index: usize) -> bool {
    line[index / 64].load(Relaxed) >> (index % 64) & 1 != 0
}

/// Sets bit `index` of a line, while others may set bits of the same word.
pub(crate) fn set(line: &BitLine, index: usize) {
    line[index / 64].fetch_or(1 << (index % 64), Relaxed);
}

/// Gives slots of a group that are about to be handed out while marking their mark bits, and says that this is why they have them.
/// The other way round somebody might take them for old.
pub(crate) fn blacken(arena: &Arena, page: usize, group: usize, slots: u64) {
    arena.blacks(page)[group].fetch_or(slots, Relaxed);
    arena.marks(page)[group].fetch_or(slots, Release);
}

/// Which slots of a group are old, while marking: marked, and not allocated black. Others may become marked meanwhile.
pub(crate) fn marked_not_black(arena: &Arena, page: usize, group: usize) -> u64 {
    let marked = arena.marks(page)[group].load(Acquire);
    marked & !arena.blacks(page)[group].load(Relaxed)
}

/// The bits of group `group`, 64 slots, that stand for slots of a span of `slot_count`.
#[inline]
pub(crate) fn group_mask(slot_count: usize, group: usize) -> u64 {
    match slot_count.saturating_sub(group * 64) {
        0 => 0,
        slots @ 1..64 => (1 << slots) - 1,
        _ => !0,
    }
}

/// Makes free pages from `page` on a span of slots, all dead, swept in `cycle`.
pub(crate) fn begin_slots(
    arena: &Arena,
    page: usize,
    class: SizeClass,
    layout: LayoutId,
    cycle: u32,
) {
    begin_common(arena, page, class.page_count(), class.slot_count(), cycle);
    let is_noscan = layout == LayoutId::noscan(class);
    let mut is_fresh = true;
    for index in 0..class.page_count() {
        let descriptor = PageDescriptor::slots(class, layout, is_noscan, index);
        let is_dirty = &arena.info(page + index).is_dirty;
        is_fresh &= !is_dirty.load(Relaxed);
        is_dirty.store(true, Relaxed);
        arena.descriptor(page + index).store(descriptor.0, Release);
    }
    arena.info(page).is_fresh.store(is_fresh, Relaxed);
}

/// Makes free pages from `page` on the span of one large object of `size_bytes`, swept in `cycle`. The object is allocated,
/// and with `is_black` marked.
pub(crate) fn begin_large(
    arena: &Arena,
    page: usize,
    size_bytes: usize,
    layout: LayoutId,
    is_noscan: bool,
    is_black: bool,
    cycle: u32,
) {
    let page_count = size_bytes.div_ceil(PAGE_SIZE_BYTES);
    begin_common(arena, page, page_count, 1, cycle);
    arena
        .info(page)
        .object_size_bytes
        .store(size_bytes as u64, Relaxed);
    arena.slot_layouts(page)[0].store(layout.index() as u16, Relaxed);
    if is_black {
        blacken(arena, page, 0, 1);
    }
    arena.allocs(page)[0].store(1, Relaxed);
    for index in 0..page_count {
        arena.info(page + index).is_dirty.store(true, Relaxed);
        arena
            .descriptor(page + index)
            .store(PageDescriptor::large(is_noscan, index).0, Release);
    }
}

fn begin_common(arena: &Arena, page: usize, page_count: usize, slot_count: usize, cycle: u32) {
    let info = arena.info(page);
    debug_assert_eq!(
        info.page_count.load(Relaxed),
        0,
        "page {page} already begins a span"
    );
    info.page_count.store(page_count as u32, Relaxed);
    info.slot_count.store(slot_count as u16, Relaxed);
    info.swept_cycle.store(cycle, Relaxed);
    clear(arena.allocs(page));
    clear(arena.marks(page));
    clear(arena.blacks(page));
}

/// Ends a span whose slots are all dead; how many pages it had. They belong to the caller.
pub(crate) fn end(arena: &Arena, page: usize) -> usize {
    let info = arena.info(page);
    let page_count = info.page_count.load(Relaxed) as usize;
    for index in 0..page_count {
        arena
            .descriptor(page + index)
            .store(PageDescriptor::FREE.0, Relaxed);
    }
    info.page_count.store(0, Relaxed);
    page_count
}

/// What sweeping a span found.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Swept {
    /// Slots that are objects.
    pub(crate) live: usize,
    /// Slots that became dead.
    pub(crate) freed: usize,
    /// Slots of the span.
    pub(crate) slots: usize,
}

/// How to sweep.
#[derive(Clone, Copy)]
pub(crate) struct SweepMode {
    /// Whether what lives is old from now on.
    pub(crate) keeps_marks: bool,
    /// Whether the dead are overwritten.
    pub(crate) poisons: bool,
}

/// Makes the marks of the last cycle the alloc bits: what was not reached is dead.
///
/// The caller has claimed the span; it is swept once a cycle.
pub(crate) fn sweep(arena: &Arena, page: usize, cycle: u32, mode: SweepMode) -> Swept {
    let info = arena.info(page);
    assert_eq!(
        info.swept_cycle.load(Relaxed),
        cycle - 1,
        "page {page} is swept once a cycle"
    );
    let slots = usize::from(info.slot_count.load(Relaxed));
    let (allocs, marks) = (arena.allocs(page), arena.marks(page));
    let mut swept = Swept {
        slots,
        ..Swept::default()
    };
    for group in 0..slots.div_ceil(64) {
        let (allocated, marked) = (allocs[group].load(Relaxed), marks[group].load(Relaxed));
        debug_assert_eq!(
            marked & !allocated,
            0,
            "page {page} has a mark on a dead slot"
        );
        swept.live += marked.count_ones() as usize;
        let freed = allocated & !marked;
        swept.freed += freed.count_ones() as usize;
        if mode.poisons && freed != 0 {
            poison_slots(arena, page, group, freed);
        }
        allocs[group].store(marked, Relaxed);
        let black = arena.blacks(page)[group].load(Relaxed);
        let old = if mode.keeps_marks { marked & !black } else { 0 };
        if old != marked {
            marks[group].store(old, Relaxed);
        }
        if black != 0 {
            arena.blacks(page)[group].store(0, Relaxed);
        }
    }
    if swept.freed > 0 {
        info.is_fresh.store(false, Relaxed);
    }
    info.swept_cycle.store(cycle, Relaxed);
    swept
}

fn poison_slots(arena: &Arena, page: usize, group: usize, mut freed: u64) {
    let descriptor = PageDescriptor::of(arena, page);
    let base = arena.page_address(page);
    if descriptor.kind() == PageKind::Large {
        fill_words(
            arena,
            base,
            arena.info(page).object_size_bytes.load(Relaxed) as usize,
            POISON,
        );
        return;
    }
    while freed != 0 {
        let index = group * 64 + freed.trailing_zeros() as usize;
        let size_bytes = descriptor.slot_size_bytes();
        fill_words(arena, base + index * size_bytes, size_bytes, POISON);
        freed &= freed - 1;
    }
}

fn clear(line: &BitLine) {
    for word in line {
        word.store(0, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interior_pointer_finds_its_slot_for_every_class_and_offset() {
        let arena = Arena::reserve(16 << 20).expect("address space");
        assert!(arena.commit(0, 64));
        for class in SizeClass::all() {
            begin_slots(&arena, 16, class, LayoutId::shared(class), 1);
            let base = arena.page_address(16);
            for offset in 0..class.slot_count() * class.slot_size_bytes() {
                let page = arena.page_of(base + offset).expect("in the heap");
                let slot = Slot::at(&arena, page, base + offset).expect("in a span");
                assert_eq!(slot.page, 16);
                assert_eq!(slot.index, offset / class.slot_size_bytes());
                assert_eq!(slot.base, base + slot.index * class.slot_size_bytes());
                assert_eq!(slot.descriptor.layout(), LayoutId::shared(class));
            }
            end(&arena, 16);
        }
    }

    #[test]
    fn every_page_of_a_large_span_finds_its_start() {
        let arena = Arena::reserve(16 << 20).expect("address space");
        assert!(arena.commit(0, 64));
        let size_bytes = 20 * PAGE_SIZE_BYTES - 8;
        begin_large(
            &arena,
            3,
            size_bytes,
            LayoutId::from_index(700),
            false,
            false,
            1,
        );
        for offset in (0..size_bytes).step_by(1024) {
            let address = arena.page_address(3) + offset;
            let slot = Slot::at(
                &arena,
                arena.page_of(address).expect("in the heap"),
                address,
            )
            .expect("in a span");
            assert_eq!(
                (slot.page, slot.base, slot.index),
                (3, arena.page_address(3), 0)
            );
            assert_eq!(slot.layout(&arena), LayoutId::from_index(700));
            assert_eq!(slot.size_bytes(&arena), size_bytes);
        }
        assert_eq!(end(&arena, 3), 20);
        assert!(Slot::at(&arena, 3, arena.page_address(3)).is_none());
    }

    #[test]
    fn the_mask_of_a_group_covers_the_slots_it_has() {
        assert_eq!(group_mask(512, 7), !0);
        assert_eq!(group_mask(65, 1), 1);
        assert_eq!(group_mask(64, 1), 0);
        assert_eq!(group_mask(3, 0), 7);
        assert_eq!(group_mask(341, 5), (1 << 21) - 1);
    }
}
