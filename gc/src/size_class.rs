//! The table of slot sizes, small and medium, and the arithmetic of slots.
//!
//! A request is rounded up to the smallest class that holds it. Small classes (16 B to 2 KiB) cut one page; medium
//! classes (to 32 KiB) cut a run of pages. What is larger gets a span of its own and has no class.
//!
//! What must hold, and is asserted at compile time: sizes rise strictly, are multiples of a word, and lose at most an
//! eighth of their span to its tail. Many sizes are those to which Go rounds the capacity of a growing slice, so that a
//! backing array seldom wastes the difference.
//!
//! The slot an interior pointer falls into is `(offset * magic) >> 32`, a multiplication by a rounded-up reciprocal
//! (Granlund and Montgomery, "Division by Invariant Integers using Multiplication", PLDI 1994). It is exact here because
//! the offset is below 2^17 and the error of the reciprocal below the slot size, at most 2^15; the tests try every pair.

use crate::layout::{PAGE_SIZE_BYTES, WORD_SIZE_BYTES};

/// Index of a slot size in the table: small classes first, then medium ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SizeClass(u8);

impl SizeClass {
    /// The class of the smallest slot that holds `size_bytes`; `None` when only a large span does.
    ///
    /// Zero is rounded up to the smallest slot: callers give zero-size values their one address before they ask.
    #[inline]
    pub const fn for_size(size_bytes: usize) -> Option<Self> {
        if size_bytes <= MAX_SMALL_SIZE_BYTES {
            return Some(Self(
                SMALL_CLASS_OF_WORDS[size_bytes.div_ceil(WORD_SIZE_BYTES)],
            ));
        }
        let mut index = SMALL_CLASS_COUNT;
        while index < CLASS_COUNT {
            if size_bytes <= CLASSES[index].size_bytes as usize {
                return Some(Self(index as u8));
            }
            index += 1;
        }
        None
    }

    /// The class of the smallest slot that holds `size_bytes`, for 1 to [`MAX_SMALL_SIZE_BYTES`].
    #[inline]
    pub const fn for_small(size_bytes: usize) -> Option<Self> {
        if size_bytes.wrapping_sub(1) >= MAX_SMALL_SIZE_BYTES {
            return None;
        }
        let words = size_bytes.div_ceil(WORD_SIZE_BYTES);
        Some(Self(SMALL_CLASS_OF_WORDS[words]))
    }

    /// The class at `index`, which must be below [`CLASS_COUNT`].
    pub const fn from_index(index: usize) -> Self {
        assert!(index < CLASS_COUNT);
        Self(index as u8)
    }

    /// Position in the table, below [`CLASS_COUNT`].
    #[inline]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Bytes of one slot.
    #[inline]
    pub const fn slot_size_bytes(self) -> usize {
        CLASSES[self.0 as usize].size_bytes as usize
    }

    /// Pages of one span of this class: 1 for small classes.
    pub const fn page_count(self) -> usize {
        CLASSES[self.0 as usize].page_count as usize
    }

    /// Slots of one span.
    pub const fn slot_count(self) -> usize {
        self.page_count() * PAGE_SIZE_BYTES / self.slot_size_bytes()
    }

    /// Whether spans of this class are single pages, segregated by layout.
    pub const fn is_small(self) -> bool {
        (self.0 as usize) < SMALL_CLASS_COUNT
    }

    /// The reciprocal for [`slot_index`].
    pub const fn magic(self) -> u32 {
        magic(self.slot_size_bytes())
    }

    /// All classes in rising order of size.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        (0..CLASS_COUNT).map(Self::from_index)
    }
}

/// Which slot of `2^32 / magic` bytes the byte at `offset_bytes` of a span lies in.
#[inline]
pub const fn slot_index(offset_bytes: usize, magic: u32) -> usize {
    ((offset_bytes as u64 * magic as u64) >> 32) as usize
}

/// Number of classes, small and medium.
pub const CLASS_COUNT: usize = CLASSES.len();

/// Number of small classes.
pub const SMALL_CLASS_COUNT: usize = count_small();

/// Largest size that a single page is cut into. Above it fewer than four slots would share a page, and zeroing outweighs
/// everything that compiled code could save by allocating inline.
pub const MAX_SMALL_SIZE_BYTES: usize = 2048;

/// Largest size that shares its span with others. Above it the waste of rounding up to pages is below an eighth.
pub const MAX_MEDIUM_SIZE_BYTES: usize = 32 << 10;

#[derive(Clone, Copy)]
struct Class {
    size_bytes: u32,
    page_count: u8,
}

const fn small(size_bytes: u32) -> Class {
    Class {
        size_bytes,
        page_count: 1,
    }
}

const fn medium(size_bytes: u32, page_count: u8) -> Class {
    Class {
        size_bytes,
        page_count,
    }
}

const CLASSES: [Class; 48] = [
    small(16),
    small(24),
    small(32),
    small(40),
    small(48),
    small(56),
    small(64),
    small(80),
    small(96),
    small(112),
    small(128),
    small(144),
    small(160),
    small(176),
    small(192),
    small(208),
    small(224),
    small(256),
    small(288),
    small(320),
    small(352),
    small(384),
    small(448),
    small(512),
    small(576),
    small(640),
    small(768),
    small(896),
    small(1024),
    small(1152),
    small(1360),
    small(1632),
    small(2048),
    medium(2304, 4),
    medium(2720, 1),
    medium(3072, 3),
    medium(4096, 2),
    medium(5456, 2),
    medium(6144, 3),
    medium(8192, 2),
    medium(10240, 5),
    medium(12288, 3),
    medium(14336, 7),
    medium(16384, 4),
    medium(20480, 5),
    medium(24576, 6),
    medium(28672, 7),
    medium(32768, 8),
];

const SMALL_CLASS_OF_WORDS: [u8; MAX_SMALL_SIZE_BYTES / WORD_SIZE_BYTES + 1] =
    small_class_of_words();

const fn magic(size_bytes: usize) -> u32 {
    (u32::MAX as usize / size_bytes + 1) as u32
}

const fn count_small() -> usize {
    let mut count = 0;
    while CLASSES[count].size_bytes as usize <= MAX_SMALL_SIZE_BYTES {
        count += 1;
    }
    count
}

const fn small_class_of_words() -> [u8; MAX_SMALL_SIZE_BYTES / WORD_SIZE_BYTES + 1] {
    let mut table = [0; MAX_SMALL_SIZE_BYTES / WORD_SIZE_BYTES + 1];
    let mut words = 0;
    let mut class = 0;
    while words < table.len() {
        if words * WORD_SIZE_BYTES > CLASSES[class].size_bytes as usize {
            class += 1;
        }
        table[words] = class as u8;
        words += 1;
    }
    table
}

const _: () = {
    let mut index = 0;
    while index < CLASS_COUNT {
        let size_bytes = CLASSES[index].size_bytes as usize;
        let span_bytes = CLASSES[index].page_count as usize * PAGE_SIZE_BYTES;
        assert!(size_bytes.is_multiple_of(WORD_SIZE_BYTES));
        assert!(index == 0 || size_bytes > CLASSES[index - 1].size_bytes as usize);
        assert!(span_bytes % size_bytes <= span_bytes / 8);
        assert!(CLASSES[index].page_count <= 16);
        index += 1;
    }
    assert!(CLASSES[0].size_bytes == 16);
    assert!(CLASSES[CLASS_COUNT - 1].size_bytes as usize == MAX_MEDIUM_SIZE_BYTES);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_slot_that_holds_it() {
        for size_bytes in 0..=MAX_MEDIUM_SIZE_BYTES {
            let class = SizeClass::for_size(size_bytes).expect("within the table");
            assert!(class.slot_size_bytes() >= size_bytes);
            assert!(
                class.index() == 0 || CLASSES[class.index() - 1].size_bytes < size_bytes as u32
            );
        }
        assert_eq!(SizeClass::for_size(MAX_MEDIUM_SIZE_BYTES + 1), None);
    }

    #[test]
    fn the_reciprocal_is_exact_for_every_offset_of_every_class() {
        for class in SizeClass::all() {
            for offset_bytes in 0..class.page_count() * PAGE_SIZE_BYTES {
                assert_eq!(
                    slot_index(offset_bytes, class.magic()),
                    offset_bytes / class.slot_size_bytes()
                );
            }
        }
    }

    #[test]
    fn a_span_has_a_bit_for_every_slot() {
        for class in SizeClass::all() {
            assert!((1..=512).contains(&class.slot_count()));
        }
    }
}
