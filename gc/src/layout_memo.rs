//! `LayoutMemo`: which layout an object or array of some type got, remembered without the lock of the table.
//!
//! Direct-mapped: a collision only costs the lock. Patterns of more than 64 words, and sizes beyond all slots, are not remembered.

use crate::descriptor::{PointerBitmap, TypeDescriptor};
use crate::layout::LayoutId;

/// Layouts lately asked for at run time.
pub(crate) struct LayoutMemo {
    entries: Box<[(LayoutKey, LayoutId)]>,
}

/// What decides the layout of an object: equal keys have equal layouts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayoutKey {
    /// Pointers of a period; none in a key that nobody asks for.
    pointers: u64,
    /// Words of a period, the size in bytes (of an object its own, of an array that of its slots), and whether it is an array.
    shape: u64,
}

impl LayoutKey {
    const NONE: Self = Self {
        pointers: 0,
        shape: 0,
    };

    /// The key of an object of `size_bytes`, or of an array in slots of so many, of `descriptor`'s type, which has pointers; `None`
    /// for what is not remembered.
    #[inline]
    pub(crate) fn new(
        descriptor: &TypeDescriptor,
        size_bytes: usize,
        is_array: bool,
    ) -> Option<Self> {
        let PointerBitmap::Inline(pointers) = *descriptor.pointers() else {
            return None;
        };
        let (period_words, size_bytes) = (descriptor.period_words() as u64, size_bytes as u64);
        let is_narrow = period_words < 1 << PERIOD_BITS && size_bytes < 1 << SIZE_BITS;
        is_narrow.then_some(Self {
            pointers,
            shape: u64::from(is_array) | period_words << 1 | size_bytes << (1 + PERIOD_BITS),
        })
    }
}

const PERIOD_BITS: u32 = 31;
const SIZE_BITS: u32 = 32;

impl Default for LayoutMemo {
    fn default() -> Self {
        Self {
            entries: vec![(LayoutKey::NONE, LayoutId::from_index(0)); Self::ENTRIES]
                .into_boxed_slice(),
        }
    }
}

impl LayoutMemo {
    /// A program uses a few dozen; 3 KiB a cache.
    const ENTRIES: usize = 128;

    #[inline]
    pub(crate) fn get(&self, key: LayoutKey) -> Option<LayoutId> {
        let (known, layout) = self.entries[Self::position(key)];
        (known == key).then_some(layout)
    }

    pub(crate) fn put(&mut self, key: LayoutKey, layout: LayoutId) {
        self.entries[Self::position(key)] = (key, layout);
    }

    #[inline]
    fn position(key: LayoutKey) -> usize {
        let mixed = key.pointers ^ key.shape.rotate_left(32);
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57) as usize
    }
}

const _: () = assert!(LayoutMemo::ENTRIES == 1 << (64 - 57));
