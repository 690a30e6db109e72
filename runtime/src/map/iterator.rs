//! `MapIterator`: a walk over a map that the program may change meanwhile; see the rules in [`super`].

use std::ptr;

use super::{GROUP_SLOTS, MapHeader, match_full};

/// The state of one iteration, in memory of the compiled code: six pointers, then words
/// (`ssa::MAP_ITERATOR_POINTERS`).
#[repr(C)]
#[derive(Debug, Clone)]
pub struct MapIterator {
    map: *mut MapHeader,
    table: *mut u8,
    unused: [*mut u8; 4],
    group_mask: u64,
    /// Slot the walk began at.
    start: u64,
    /// Slots walked so far.
    walked: u64,
    clears: u64,
    spare: [u64; 4],
}

// Six pointers and eight words: what the SSA builder declares.
const _: () = assert!(
    size_of::<MapIterator>() == 14 * 8 && std::mem::offset_of!(MapIterator, group_mask) == 6 * 8
);

impl Default for MapIterator {
    /// An iteration over nothing.
    fn default() -> Self {
        Self {
            map: ptr::null_mut(),
            table: ptr::null_mut(),
            unused: [ptr::null_mut(); 4],
            group_mask: 0,
            start: 0,
            walked: 0,
            clears: 0,
            spare: [0; 4],
        }
    }
}

impl MapIterator {
    /// Starts an iteration over `map`, which may be null, at a slot drawn from `random`.
    ///
    /// # Safety
    /// `map` is null or a map, and lives as long as the iteration.
    pub unsafe fn start(&mut self, map: *mut MapHeader, random: u64) {
        *self = MapIterator {
            map,
            start: random,
            ..MapIterator::default()
        };
        // SAFETY: the caller's.
        if let Some(map) = unsafe { map.as_ref() } {
            self.table = map.table;
            self.group_mask = map.group_mask;
            self.clears = map.clears;
        }
    }

    /// Whether a goroutine changes the map at the moment.
    #[inline]
    pub fn is_map_being_written(&self) -> bool {
        // SAFETY: null or the map that the iteration keeps alive.
        unsafe { self.map.as_ref() }.is_some_and(MapHeader::is_being_written)
    }

    /// The next entry: addresses of key and element.
    pub fn next_entry(&mut self) -> Option<(*mut u8, *mut u8)> {
        if self.table.is_null() {
            return None;
        }
        // SAFETY: the table belongs to this map, which is not null.
        let map = unsafe { &*self.map };
        let layout = map.layout();
        let slots = (self.group_mask + 1) * GROUP_SLOTS as u64;
        while self.walked < slots {
            let position = (self.start.wrapping_add(self.walked)) & (slots - 1);
            let (group, first) = (
                position / GROUP_SLOTS as u64,
                (position % GROUP_SLOTS as u64) as usize,
            );
            // SAFETY: inside the table; a full slot holds a key.
            unsafe {
                // What is left of the group, and of the walk, which ends in the group it began in.
                let left = GROUP_SLOTS as u64 - first as u64;
                let full = match_full(*layout.control(self.table, group)) >> (8 * first);
                let skipped = u64::from(full.trailing_zeros() / 8);
                if skipped >= left.min(slots - self.walked) {
                    self.walked += left;
                    continue;
                }
                self.walked += skipped + 1;
                let slot = first + skipped as usize;
                let key = layout.slot(self.table, group, slot);
                if map.table == self.table {
                    return Some((key, key.add(layout.shape.element_offset)));
                }
                // The map has grown: the new table knows what became of the entry.
                match map.find(key) {
                    Ok(Some(element)) => {
                        return Some((element.sub(layout.shape.element_offset), element));
                    }
                    _ if !layout.equals_itself(key) && map.clears == self.clears => {
                        return Some((key, key.add(layout.shape.element_offset)));
                    }
                    _ => {}
                }
            }
        }
        self.table = ptr::null_mut();
        None
    }
}
