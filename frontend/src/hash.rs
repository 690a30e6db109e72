//! Hash tables for the compiler's own keys: ids, names and types.

use std::hash::{BuildHasherDefault, Hasher};

/// A map with [`QuickHasher`]. Its order is arbitrary, so nothing that is printed may follow it.
pub type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<QuickHasher>>;

/// A set with [`QuickHasher`].
pub type HashSet<K> = std::collections::HashSet<K, BuildHasherDefault<QuickHasher>>;

/// Keys are short, and tables are asked for every identifier and expression of a program: a
/// multiplication for each eight bytes is enough. Colliding keys chosen on purpose cost their author's time only.
#[derive(Debug, Default, Clone, Copy)]
pub struct QuickHasher(u64);

impl QuickHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_le_bytes(last));
        }
    }

    fn write_u32(&mut self, id: u32) {
        self.add(u64::from(id));
    }

    // The end mark of a string: no two names differ only in it.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends of the hash.
        self.0 ^ (self.0 >> 32)
    }
}
