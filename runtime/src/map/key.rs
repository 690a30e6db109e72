//! `PlainKey`: keys that are hashed and compared without asking their type, made for each kind: words and strings.

use crate::equality::{bytes_equal, hash_bytes, hash_word};

/// A key by value.
pub(crate) trait PlainKey: Copy {
    /// Whether an assignment writes the key over an equal one: of two equal strings, the older need not be kept alive.
    const IS_REPLACED: bool;

    /// Its hash, the same that [`super::MapLayout::hash`] gives for its address.
    fn hash(self, seed: u64) -> u64;

    /// Whether the key at an address is equal.
    ///
    /// # Safety
    /// The address holds a key of this kind.
    unsafe fn is_at(self, address: *const u8) -> bool;

    /// The key at an address.
    ///
    /// # Safety
    /// As [`Self::is_at`].
    #[inline]
    unsafe fn read(address: *const u8) -> Self {
        // SAFETY: the caller's.
        unsafe { address.cast::<Self>().read_unaligned() }
    }

    /// Writes the key to an address.
    ///
    /// # Safety
    /// There is room for one.
    #[inline]
    unsafe fn write(self, address: *mut u8) {
        // SAFETY: the caller's.
        unsafe { address.cast::<Self>().write_unaligned(self) };
    }
}

impl PlainKey for u32 {
    const IS_REPLACED: bool = false;

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        hash_word(u64::from(self), seed)
    }

    #[inline]
    unsafe fn is_at(self, address: *const u8) -> bool {
        // SAFETY: the caller's.
        unsafe { Self::read(address) == self }
    }
}

impl PlainKey for u64 {
    const IS_REPLACED: bool = false;

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        hash_word(self, seed)
    }

    #[inline]
    unsafe fn is_at(self, address: *const u8) -> bool {
        // SAFETY: the caller's.
        unsafe { Self::read(address) == self }
    }
}

/// A string as a key. Its bytes live as long as it is used.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Text {
    pub(crate) start: *const u8,
    pub(crate) length: usize,
}

impl PlainKey for Text {
    const IS_REPLACED: bool = true;

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        // SAFETY: a string's bytes are readable.
        unsafe { hash_bytes(self.start, self.length, seed) }
    }

    #[inline]
    unsafe fn is_at(self, address: *const u8) -> bool {
        // SAFETY: the caller's; a string's bytes are readable.
        unsafe {
            let other = Self::read(address);
            other.length == self.length && bytes_equal(other.start, self.start, self.length)
        }
    }
}
