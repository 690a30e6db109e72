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
use std::sync::Arc;

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

/// Bytes of one [`AllocationCell`].
pub const CELL_SIZE_BYTES: usize = size_of::<AllocationCell>();

/// Offset in an [`AllocationCell`] of its free bits.
pub const CELL_FREE_OFFSET: usize = std::mem::offset_of!(AllocationCell, free);

/// Offset in an [`AllocationCell`] of the address of slot 0.
pub const CELL_BASE_OFFSET: usize = std::mem::offset_of!(AllocationCell, base);

const _: () = assert!(CELL_SIZE_BYTES == 16 && CELL_FREE_OFFSET == 0 && CELL_BASE_OFFSET == 8);

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

/// The words of a value that hold pointers, bit 0 of word 0 for its first word.
///
/// Canonical: no trailing zero words, and inline whenever 64 bits do. Equal patterns are therefore equal values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PointerBitmap {
    /// The pointers are all among the first 64 words.
    Inline(u64),
    /// 64 words of the value in each element.
    Indirect(Arc<[u64]>),
}

impl PointerBitmap {
    /// No pointers at all.
    pub const EMPTY: Self = Self::Inline(0);

    /// From a bit a word, in order; made canonical.
    pub fn from_words(bits: &[u64]) -> Self {
        let length = bits
            .iter()
            .rposition(|&bits| bits != 0)
            .map_or(0, |last| last + 1);
        match length {
            0 => Self::EMPTY,
            1 => Self::Inline(bits[0]),
            _ => Self::Indirect(bits[..length].into()),
        }
    }

    /// From the indices of the words that hold pointers, in any order.
    pub fn from_pointer_words(words: impl IntoIterator<Item = usize>) -> Self {
        let mut bits = Vec::new();
        for word in words {
            if word / 64 >= bits.len() {
                bits.resize(word / 64 + 1, 0);
            }
            bits[word / 64] |= 1 << (word % 64);
        }
        Self::from_words(&bits)
    }

    /// Whether no word holds a pointer.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Inline(0))
    }

    /// Whether word `word` holds a pointer.
    pub fn is_pointer(&self, word: usize) -> bool {
        self.as_words()
            .get(word / 64)
            .is_some_and(|bits| bits >> (word % 64) & 1 != 0)
    }

    /// Words up to and including the last pointer.
    pub fn prefix_words(&self) -> usize {
        let words = self.as_words();
        match words.last() {
            Some(0) | None => 0,
            Some(last) => words.len() * 64 - last.leading_zeros() as usize,
        }
    }

    /// The bits, 64 words of the value at a time.
    pub fn as_words(&self) -> &[u64] {
        match self {
            Self::Inline(bits) => std::slice::from_ref(bits),
            Self::Indirect(bits) => bits,
        }
    }

    /// Calls `visit` with `base` plus the index of every word that holds a pointer, rising.
    #[inline]
    fn for_each(&self, base: usize, visit: &mut impl FnMut(usize)) {
        for (index, &bits) in self.as_words().iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                visit(base + index * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }

    /// Indices of the words that hold pointers, rising.
    pub fn pointer_words(&self) -> impl Iterator<Item = usize> {
        self.as_words()
            .iter()
            .enumerate()
            .flat_map(|(index, &bits)| {
                std::iter::successors((bits != 0).then_some(bits), |bits| {
                    let rest = bits & (bits - 1);
                    (rest != 0).then_some(rest)
                })
                .map(move |bits| index * 64 + bits.trailing_zeros() as usize)
            })
    }
}

/// What the heap needs to know of a type: its size and where its pointers are. It knows nothing else of types.
///
/// The bitmap describes one period; a type that is an array repeats it to its end, so that a huge array stays small here.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TypeDescriptor {
    size_bytes: usize,
    align_bytes: usize,
    pointers: PointerBitmap,
    period_words: usize,
}

impl TypeDescriptor {
    /// A type of `size_bytes` whose pointers are `pointers`.
    ///
    /// # Panics
    /// When a type with pointers is no whole number of words, or a pointer lies outside it.
    pub fn new(size_bytes: usize, align_bytes: usize, pointers: PointerBitmap) -> Self {
        if pointers.is_empty() {
            return Self::noscan(size_bytes, align_bytes);
        }
        let size_words = size_bytes / WORD_SIZE_BYTES;
        assert!(
            size_bytes.is_multiple_of(WORD_SIZE_BYTES),
            "a type with pointers is a whole number of words"
        );
        assert!(
            pointers.prefix_words() <= size_words,
            "a pointer lies outside its type"
        );
        let (pointers, period_words) = shortest_period(pointers, size_words);
        Self {
            size_bytes,
            align_bytes,
            pointers,
            period_words,
        }
    }

    /// A type of `size_bytes` without pointers.
    pub fn noscan(size_bytes: usize, align_bytes: usize) -> Self {
        Self {
            size_bytes,
            align_bytes,
            pointers: PointerBitmap::EMPTY,
            period_words: 1,
        }
    }

    /// An array of `count` elements; `None` when its size overflows.
    pub fn array(element: &Self, count: usize) -> Option<Self> {
        let size_bytes = element.size_bytes.checked_mul(count)?;
        if count == 0 {
            return Some(Self::noscan(0, element.align_bytes));
        }
        Some(Self {
            size_bytes,
            ..element.clone()
        })
    }

    /// Bytes of one value, a multiple of its alignment.
    pub fn size_bytes(&self) -> usize {
        self.size_bytes
    }

    /// Alignment in bytes; the heap aligns every object to a word.
    pub fn align_bytes(&self) -> usize {
        self.align_bytes
    }

    /// Whether a value can hold a pointer.
    pub fn has_pointers(&self) -> bool {
        !self.pointers.is_empty()
    }

    /// The pointers of the first [`Self::period_words`] words; the pattern repeats to the end of the value.
    pub fn pointers(&self) -> &PointerBitmap {
        &self.pointers
    }

    /// Words after which the pattern of pointers repeats; 1 when there are none.
    pub fn period_words(&self) -> usize {
        self.period_words
    }

    /// Bytes up to and including the last pointer; 0 without pointers.
    pub fn pointer_prefix_bytes(&self) -> usize {
        if !self.has_pointers() {
            return 0;
        }
        self.size_bytes - (self.period_words - self.pointers.prefix_words()) * WORD_SIZE_BYTES
    }

    /// Indices of all words that hold pointers, rising.
    pub fn pointer_words(&self) -> impl Iterator<Item = usize> {
        let periods = if self.has_pointers() {
            self.size_bytes / WORD_SIZE_BYTES / self.period_words
        } else {
            0
        };
        (0..periods).flat_map(move |period| {
            self.pointers
                .pointer_words()
                .map(move |word| period * self.period_words + word)
        })
    }
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
        let is_periodic = descriptor.period_words * WORD_SIZE_BYTES < descriptor.size_bytes;
        // A value that fills its slot looks like an array of one: let the two share pages.
        let fills_its_slot = SizeClass::for_size(descriptor.size_bytes).is_some_and(|class| {
            class.is_small() && class.slot_size_bytes() == descriptor.size_bytes
        });
        if is_periodic || fills_its_slot {
            return Self::of_array(descriptor);
        }
        Self::Fixed {
            pointers: descriptor.pointers.clone(),
        }
    }

    /// The pattern of several values, one after another.
    pub fn of_array(element: &TypeDescriptor) -> Self {
        if !element.has_pointers() {
            return Self::Noscan;
        }
        Self::Repeat {
            element: element.pointers.clone(),
            element_words: element.period_words,
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
            header_words: header.size_bytes.div_ceil(WORD_SIZE_BYTES),
            element: element.pointers.clone(),
            element_words: element.period_words,
        }
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

/// Names a layout. Below [`MAX_LAYOUTS`] it also names a cell of every cache.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LayoutId(u16);

impl LayoutId {
    /// The layout of objects without pointers in slots of `class`.
    pub const fn noscan(class: SizeClass) -> Self {
        Self(class.index() as u16)
    }

    /// The layout of pages whose slots each have a layout of their own, kept beside the page.
    pub const fn shared(class: SizeClass) -> Self {
        Self((CLASS_COUNT + class.index()) as u16)
    }

    /// From [`Self::index`].
    pub const fn from_index(index: usize) -> Self {
        assert!(index <= u16::MAX as usize);
        Self(index as u16)
    }

    /// Position in the table.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether the layout has a cell of its own in every cache, so that compiled code may allocate it inline.
    pub const fn has_cell(self) -> bool {
        (self.0 as usize) < MAX_LAYOUTS
    }

    /// Whether this is a layout of pages that hold slots of several layouts.
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
        self.register(descriptor.size_bytes, Pattern::of_object(descriptor))
    }

    /// The layout of `count` values in a row.
    pub fn register_array(
        &mut self,
        element: &TypeDescriptor,
        count: usize,
    ) -> Result<LayoutId, TooManyLayouts> {
        match TypeDescriptor::array(element, count) {
            Some(array) => self.register(array.size_bytes, Pattern::of_array(element)),
            // No such array will ever exist; asking for it is the mistake that the allocation reports.
            None => self.register(usize::MAX, Pattern::of_array(element)),
        }
    }

    /// The layout of an object of `size_bytes` with its pointers as in `pattern`.
    pub fn register(
        &mut self,
        size_bytes: usize,
        pattern: Pattern,
    ) -> Result<LayoutId, TooManyLayouts> {
        let class = SizeClass::for_size(size_bytes)
            .filter(|class| class.is_small() || pattern == Pattern::Noscan);
        let mut layout = Layout { class, pattern };
        if let Some(&id) = self.ids.get(&layout) {
            return Ok(id);
        }
        if layout.class.is_some() && self.with_cell.len() == MAX_LAYOUTS {
            layout.class = None;
            if let Some(&id) = self.ids.get(&layout) {
                return Ok(id);
            }
        }
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

/// The shortest pattern that repeats to `pointers` over `size_words`, so that `[4]*T` and `[7]*T` agree.
fn shortest_period(pointers: PointerBitmap, size_words: usize) -> (PointerBitmap, usize) {
    // Longer types are rare, and trying every divisor of them would cost more than sharing pages could gain.
    const MAX_WORDS: usize = 4096;
    if size_words > MAX_WORDS {
        return (pointers, size_words);
    }
    let repeats_after = |period: &usize| {
        size_words.is_multiple_of(*period)
            && (*period..size_words)
                .all(|word| pointers.is_pointer(word) == pointers.is_pointer(word - period))
    };
    match (1..size_words).find(repeats_after) {
        Some(period) => (
            PointerBitmap::from_pointer_words(
                pointers.pointer_words().take_while(|&word| word < period),
            ),
            period,
        ),
        None => (pointers, size_words),
    }
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
