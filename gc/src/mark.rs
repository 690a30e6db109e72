//! `Marker`: from roots to everything reachable.

use std::marker::PhantomData;

/// Marks what it is given and all that is reachable from it.
pub(crate) struct Marker<'heap> {
    heap: PhantomData<&'heap ()>,
}

impl Marker<'_> {
    pub(crate) fn shade_root(&mut self, address: usize) {
        let _ = (address, self.heap);
    }

    pub(crate) fn shade_conservative(&mut self, word: usize) {
        let _ = (word, self.heap);
    }
}
