//! What compiled code and the heap agree on: type descriptors, layouts, and the offsets of a Processor's cache.
//!
//! A **layout** is a slot size and the places of pointers in such a slot. A small page holds slots of one layout only, so
//! that no object carries a header and no allocation writes a pointer map. Types that agree in both share pages.
//!
//! Inline allocation of a layout for which [`LayoutId::has_cell`]:
//! ```text
//!   cell  = cache + CACHE_CELLS_OFFSET + CELL_SIZE_BYTES * layout
//!   free  = load cell + CELL_FREE_OFFSET        ; one bit for each slot this cache may hand out
//!   free == 0 -> call the runtime               ; cold; the only safepoint of the sequence
//!   store (free & (free - 1)) -> cell + CELL_FREE_OFFSET
//!   slot  = (load cell + CELL_BASE_OFFSET) + count_trailing_zeros(free) * slot_size_bytes
//! ```
//! What must hold on the side of compiled code:
//! - The sequence contains no call and no poll: free bits belong to the Processor, not to the goroutine.
//! - **A slot is not zero when it is handed out.** Before the next safepoint, every one of the first
//!   [`Layout::zeroed_size_bytes`] of it has been written (zero or its initial value). The slow path, and every
//!   allocating method of [`Heap`](crate::Heap), returns memory that is zero already.
//! - A pointer one past the end of an object is not kept anywhere: it would keep the neighbour alive and lose the object.
//!
//! Source: the page-per-layout idea is that of the "big bag of pages" (Steele, "Data Representations in PDP-10 MACLISP", 1977).

use std::collections::HashMap;

pub use crate::descriptor::{PointerBitmap, TypeDescriptor};
use crate::size_class::{CLASS_COUNT, SizeClass};

/// Bytes of a heap page, the unit in which spans are cut from the reservation.
///
/// Larger pages would strand more memory in layouts used once; smaller ones would refill more often.
pub const PAGE_SIZE_BYTES: usize = 8 << 10;

/// Bytes of a machine word and of a pointer.
pub const WORD_SIZE_BYTES: usize = 8;

/// Number of layouts that have an allocation cell in every cache.
///
/// Each costs 32 bytes of every cache. Layouts beyond it share pages by size class and are allocated by a call.
pub const MAX_LAYOUTS: usize = 512;

/// Offset in a cache of its phase byte: zero while no collection is marking (see [`Phase`](crate::phase::Phase)).
pub const CACHE_PHASE_OFFSET: usize = 0;

/// Offset in a cache of the array of [`AllocationCell`], indexed by layout.
pub const CACHE_CELLS_OFFSET: usize = 16;

/// Offset in a cache of its log of what stores erase while marking: a count of words, how many there is room for, and the words.
/// Nothing may be appended beyond the limit; whoever finds it reached calls the heap (see `barrier`).
pub const CACHE_LOG_OFFSET: usize = CACHE_CELLS_OFFSET + MAX_LAYOUTS * CELL_SIZE_BYTES;

/// Offset in the log of the count of words in it.
pub const LOG_COUNT_OFFSET: usize = 0;

/// Offset in the log of the count at which it is full.
pub const LOG_LIMIT_OFFSET: usize = 8;

/// Offset in the log of the first word.
pub const LOG_WORDS_OFFSET: usize = 16;

/// Bytes of one [`AllocationCell`].
pub const CELL_SIZE_BYTES: usize = size_of::<AllocationCell>();

/// Offset in an [`AllocationCell`] of its free bits.
pub const CELL_FREE_OFFSET: usize = std::mem::offset_of!(AllocationCell, free);

/// Offset in an [`AllocationCell`] of the address of slot 0.
pub const CELL_BASE_OFFSET: usize = std::mem::offset_of!(AllocationCell, base);

const _: () = assert!(CELL_SIZE_BYTES == 16 && CELL_FREE_OFFSET == 0 && CELL_BASE_OFFSET == 8);

/// Bytes of memory that one card stands for (see `cards`).
pub const CARD_BYTES: usize = 1 << CARD_SHIFT;

/// A card's number is the low 32 bits of an address, shifted right by so many.
pub const CARD_SHIFT: u32 = 9;

/// Number of cards of a heap; a byte each.
pub(crate) const CARD_COUNT: usize = 1 << (u32::BITS - CARD_SHIFT);

/// The address of every value of size zero. It is not in the heap and must not be read or written.
pub fn zero_size_address() -> *mut u8 {
    static ZERO_SIZE_VALUE: u64 = 0;
    (&raw const ZERO_SIZE_VALUE).cast_mut().cast()
}

/// The slots of one layout that a cache may hand out without asking anybody: up to 64 neighbours.
#[repr(C)]
#[derive(Debug)]
pub struct AllocationCell {
    /// Bit `i` is set when the slot at `base + i * slot_size_bytes` is free and belongs to this cache.
    pub free: u64,
    /// Address of the slot of bit 0; null before the first refill.
    pub base: *mut u8,
}

/// Where the pointers of a slot are.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Pattern {
    /// Nowhere. The marker never reads such an object.
    Noscan,
    /// At fixed words; what follows the last of them is never read, whatever it holds.
    Fixed {
        /// The pointers.
        pointers: PointerBitmap,
    },
    /// One element after another, up to the last that fits the slot. The tail of the slot must be zero.
    Repeat {
        /// The pointers of one element.
        element: PointerBitmap,
        /// Words of one element, at least 1.
        element_words: usize,
    },
    /// A header, then elements as in [`Pattern::Repeat`]: a channel with its buffer.
    HeaderThenRepeat {
        /// The pointers of the header; may be empty.
        header: PointerBitmap,
        /// Words of the header.
        header_words: usize,
        /// The pointers of one element; never empty.
        element: PointerBitmap,
        /// Words of one element, at least 1.
        element_words: usize,
    },
}

impl Pattern {
    /// The pattern of one value in a slot of its own.
    pub fn of_object(descriptor: &TypeDescriptor) -> Self {
        if !descriptor.has_pointers() {
            return Self::Noscan;
        }
        let is_periodic = descriptor.period_words() * WORD_SIZE_BYTES < descriptor.size_bytes();
        // A value that fills its slot looks like an array of one: let the two share pages.
        let fills_its_slot = SizeClass::for_size(descriptor.size_bytes()).is_some_and(|class| {
            class.is_small() && class.slot_size_bytes() == descriptor.size_bytes()
        });
        if is_periodic || fills_its_slot {
            return Self::of_array(descriptor);
        }
        Self::Fixed {
            pointers: descriptor.pointers().clone(),
        }
    }

    /// The pattern of several values, one after another.
    pub fn of_array(element: &TypeDescriptor) -> Self {
        if !element.has_pointers() {
            return Self::Noscan;
        }
        Self::Repeat {
            element: element.pointers().clone(),
            element_words: element.period_words(),
        }
    }

    /// The pattern of a header followed by values.
    pub fn of_header_and_array(header: &TypeDescriptor, element: &TypeDescriptor) -> Self {
        let header_pointers = PointerBitmap::from_pointer_words(header.pointer_words());
        if !element.has_pointers() {
            return if header_pointers.is_empty() {
                Self::Noscan
            } else {
                Self::Fixed {
                    pointers: header_pointers,
                }
            };
        }
        Self::HeaderThenRepeat {
            header: header_pointers,
            header_words: header.size_bytes().div_ceil(WORD_SIZE_BYTES),
            element: element.pointers().clone(),
            element_words: element.period_words(),
        }
    }

    /// Whether every word is a pointer.
    #[inline]
    pub fn is_all_pointers(&self) -> bool {
        matches!(
            self,
            Self::Repeat {
                element_words: 1,
                ..
            }
        )
    }

    /// Calls `visit` with the index of every word of an object of `object_words` that holds a pointer, rising, beginning
    /// at word `start` and stopping at the first element that begins after `budget_words` more. Returns where to go on,
    /// which is a valid `start`; at least `object_words` when all was visited.
    #[inline]
    pub fn visit_pointer_words(
        &self,
        start: usize,
        budget_words: usize,
        object_words: usize,
        mut visit: impl FnMut(usize),
    ) -> usize {
        let (mut base, element, element_words) = match self {
            Self::Noscan => return object_words,
            Self::Fixed { pointers } => {
                pointers.for_each(0, &mut visit);
                return object_words;
            }
            Self::Repeat {
                element,
                element_words,
            } => (start, element, *element_words),
            Self::HeaderThenRepeat {
                header,
                header_words,
                element,
                element_words,
            } => {
                if start == 0 {
                    header.for_each(0, &mut visit);
                }
                (start.max(*header_words), element, *element_words)
            }
        };
        let end = base.saturating_add(budget_words).min(object_words);
        while base < end && base + element_words <= object_words {
            element.for_each(base, &mut visit);
            base += element_words;
        }
        if base + element_words > object_words {
            object_words
        } else {
            base
        }
    }
}

impl Pattern {
    /// Calls `visit` with the index of every word in `start..end` of an object of `object_words` that holds a pointer, and
    /// perhaps of others near by.
    pub(crate) fn visit_pointer_words_near(
        &self,
        start: usize,
        end: usize,
        object_words: usize,
        visit: impl FnMut(usize),
    ) {
        let first = self.start_before(start);
        self.visit_pointer_words(first, end.saturating_sub(first), object_words, visit);
    }

    /// The last place at `word` or before where [`Self::visit_pointer_words`] can begin, and end.
    pub(crate) fn start_before(&self, word: usize) -> usize {
        let (header_words, element_words) = match self {
            Self::Noscan | Self::Fixed { .. } => return 0,
            Self::Repeat { element_words, .. } => (0, *element_words),
            Self::HeaderThenRepeat {
                header_words,
                element_words,
                ..
            } => (*header_words, *element_words),
        };
        match word.checked_sub(header_words) {
            Some(behind) => word - behind % element_words,
            None => 0,
        }
    }
}

/// Names a layout. Below [`MAX_LAYOUTS`] it also names a cell of every cache.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LayoutId(u16);

impl LayoutId {
    /// The layout of objects without pointers in slots of `class`.
    #[inline]
    pub const fn noscan(class: SizeClass) -> Self {
        Self(class.index() as u16)
    }

    /// The layout of pages whose slots each have a layout of their own, kept beside the page.
    pub const fn shared(class: SizeClass) -> Self {
        Self((CLASS_COUNT + class.index()) as u16)
    }

    /// From [`Self::index`].
    #[inline]
    pub const fn from_index(index: usize) -> Self {
        assert!(index <= u16::MAX as usize);
        Self(index as u16)
    }

    /// Position in the table.
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether the layout has a cell of its own in every cache, so that compiled code may allocate it inline.
    #[inline]
    pub const fn has_cell(self) -> bool {
        (self.0 as usize) < MAX_LAYOUTS
    }

    /// Whether this is a layout of pages that hold slots of several layouts.
    #[inline]
    pub const fn is_shared(self) -> bool {
        self.0 as usize >= CLASS_COUNT && (self.0 as usize) < 2 * CLASS_COUNT
    }
}

/// A slot size and the places of pointers in such a slot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Layout {
    /// The size of its slots; `None` when it has no cell: then the object says its size.
    pub class: Option<SizeClass>,
    /// The places of pointers.
    pub pattern: Pattern,
}

impl Layout {
    /// Bytes from slot to slot; 0 for a layout without a cell.
    pub fn slot_size_bytes(&self) -> usize {
        self.class.map_or(0, SizeClass::slot_size_bytes)
    }

    /// How many bytes of a fresh slot must be written before the next safepoint when it holds `object_size_bytes`:
    /// the object, and for a repeating pattern the tail of its slot too, because the marker reads that as elements.
    pub fn zeroed_size_bytes(&self, object_size_bytes: usize) -> usize {
        match self.pattern {
            Pattern::Noscan | Pattern::Fixed { .. } => object_size_bytes,
            Pattern::Repeat { .. } | Pattern::HeaderThenRepeat { .. } => {
                object_size_bytes.max(self.slot_size_bytes())
            }
        }
    }
}

/// All layouts, by id, each once.
///
/// ```text
///   0 .. CLASS_COUNT               without pointers, one for each size class
///   .. 2 * CLASS_COUNT             shared pages, one for each size class
///   .. MAX_LAYOUTS                 registered, in order: small, with a cell
///   MAX_LAYOUTS ..                 registered, in order: patterns only; medium, large, and small when cells ran out
/// ```
/// Ids are given in order of registration, so that a program compiles to the same code every time.
#[derive(Clone, Debug)]
pub struct LayoutTable {
    with_cell: Vec<Layout>,
    /// For each layout with a cell, the pointers of a whole slot; 0 when its words are more than 64.
    slot_masks: Vec<u64>,
    without_cell: Vec<Layout>,
    ids: HashMap<Layout, LayoutId>,
}

impl Default for LayoutTable {
    fn default() -> Self {
        Self::new()
    }
}

impl LayoutTable {
    /// The table with the layouts every heap has.
    pub fn new() -> Self {
        let noscan = SizeClass::all().map(|class| Layout {
            class: Some(class),
            pattern: Pattern::Noscan,
        });
        let with_cell: Vec<Layout> = noscan.clone().chain(noscan).collect();
        let mut table = Self {
            slot_masks: vec![0; with_cell.len()],
            with_cell,
            without_cell: Vec::new(),
            ids: HashMap::new(),
        };
        for class in SizeClass::all() {
            let layout = table.with_cell[class.index()].clone();
            table.ids.insert(layout, LayoutId::noscan(class));
        }
        table
    }

    /// The layout of one value of `descriptor`'s type. Compiled code may allocate it inline when it
    /// [has a cell](LayoutId::has_cell); otherwise it calls. Values of size zero are not allocated at all
    /// (see [`zero_size_address`]).
    pub fn register_object(
        &mut self,
        descriptor: &TypeDescriptor,
    ) -> Result<LayoutId, TooManyLayouts> {
        self.register(descriptor.size_bytes(), Pattern::of_object(descriptor))
    }

    /// The layout of `count` values in a row.
    pub fn register_array(
        &mut self,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<LayoutId, TooManyLayouts> {
        match TypeDescriptor::array(element, count) {
            Some(array) => self.register(array.size_bytes(), Pattern::of_array(element)),
            // No such array will ever exist; asking for it is the mistake that the allocation reports.
            None => self.register(usize::MAX, Pattern::of_array(element)),
        }
    }

    /// The layout of an object of `size_bytes` with its pointers as in `pattern`, if it was registered.
    pub fn find(&self, size_bytes: usize, pattern: &Pattern) -> Option<LayoutId> {
        let class = SizeClass::for_size(size_bytes)
            .filter(|class| class.is_small() || *pattern == Pattern::Noscan);
        let mut layout = Layout {
            class,
            pattern: pattern.clone(),
        };
        if let Some(&id) = self.ids.get(&layout) {
            return Some(id);
        }
        if layout.class.is_none() || self.with_cell.len() < MAX_LAYOUTS {
            return None;
        }
        layout.class = None;
        self.ids.get(&layout).copied()
    }

    /// The layout of an object of `size_bytes` with its pointers as in `pattern`.
    pub fn register(
        &mut self,
        size_bytes: usize,
        pattern: Pattern,
    ) -> Result<LayoutId, TooManyLayouts> {
        if let Some(id) = self.find(size_bytes, &pattern) {
            return Ok(id);
        }
        let class = SizeClass::for_size(size_bytes)
            .filter(|class| class.is_small() || pattern == Pattern::Noscan)
            .filter(|_| self.with_cell.len() < MAX_LAYOUTS);
        let layout = Layout { class, pattern };
        let (list, first) = match layout.class {
            Some(_) => (&mut self.with_cell, 0),
            None => (&mut self.without_cell, MAX_LAYOUTS),
        };
        let index = first + list.len();
        if index > usize::from(u16::MAX) {
            return Err(TooManyLayouts);
        }
        let id = LayoutId::from_index(index);
        list.push(layout.clone());
        if id.has_cell() {
            self.slot_masks.push(slot_mask(&layout));
        }
        self.ids.insert(layout, id);
        Ok(id)
    }

    /// The layout named `id`.
    ///
    /// # Panics
    /// When it was never registered here.
    pub fn get(&self, id: LayoutId) -> &Layout {
        match id.index().checked_sub(MAX_LAYOUTS) {
            None => &self.with_cell[id.index()],
            Some(index) => &self.without_cell[index],
        }
    }

    /// The words of a slot of `id` that hold pointers; 0 when the layout has no cell, or more words than bits, or is shared:
    /// then only its pattern tells.
    #[inline]
    pub fn slot_mask(&self, id: LayoutId) -> u64 {
        self.slot_masks.get(id.index()).copied().unwrap_or(0)
    }

    /// How many layouts have cells, the fixed ones included: cells from here on are unused.
    pub fn cell_count(&self) -> usize {
        self.with_cell.len()
    }

    /// How many layouts there are in all.
    pub fn layout_count(&self) -> usize {
        self.with_cell.len() + self.without_cell.len()
    }
}

/// More than 65,536 different patterns of pointers were registered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyLayouts;

impl std::fmt::Display for TooManyLayouts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("too many different object layouts")
    }
}

impl std::error::Error for TooManyLayouts {}

fn slot_mask(layout: &Layout) -> u64 {
    let slot_words = layout.slot_size_bytes() / WORD_SIZE_BYTES;
    let mut mask = 0;
    if slot_words <= 64 {
        layout
            .pattern
            .visit_pointer_words(0, usize::MAX, slot_words, |word| mask |= 1 << word);
    }
    mask
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
