//! `ObjectRef`: where an address becomes an object.

use crate::layout::LayoutId;

/// An object found from an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObjectRef {
    /// Its first byte.
    pub base: usize,
    /// Bytes of its slot, or for a large object its own.
    pub size_bytes: usize,
    /// Where its pointers are.
    pub layout: LayoutId,
    /// Which slot of its span it is.
    pub index: usize,
}
