//! Maps: open addressing over groups of eight slots with a byte of hash each.
//!
//! # Layout
//! ```text
//! MapHeader (heap object)          table (heap object): group_count groups
//!   count                            group: 8 control bytes | 8 slots of (key, element)
//!   table --------------------->     control: 0x80 empty, 0xFE deleted, else 7 bits of hash
//!   group mask, growth left
//!   seed, layout, clears
//! ```
//! # Invariants
//! - At least one slot of a table is empty, so every probe ends.
//! - `growth_left` is the number of empty slots that may still be filled: seven eighths of all.
//! - A slot that is not full is zeroed: the collector scans all slots alike.
//! - A table never changes its size: growing makes a new one and leaves the old one as it is, for
//!   iterators that walk it.
//!
//! # Iteration
//! An iterator keeps the table it started on and a random starting slot. If the map has grown since,
//! each entry of the old table is looked up in the new one: gone means deleted, else the value is the
//! current one. An entry whose key does not equal itself (NaN) cannot be deleted but by `clear`,
//! which is counted. Entries added meanwhile may or may not be seen (spec: "For statements").
//!
//! Sources: the group probing of Abseil's Swiss tables; Go's rules for iteration.

mod iterator;
mod key;
pub mod layout;
mod operations;
#[cfg(test)]
mod tests;

pub use iterator::MapIterator;
pub(crate) use key::{PlainKey, Text};
use layout::KeyKind;
pub use layout::MapLayout;
pub(crate) use operations::entries;

use std::ptr;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use gc::layout::TypeDescriptor;

use crate::alloc::MAX_ALLOCATION_BYTES;
use crate::equality::{Fault, values_equal};
use crate::memory;

/// Slots of a group.
const GROUP_SLOTS: usize = 8;
/// Bytes of control in front of a group's slots.
const CONTROL_BYTES: usize = 8;
/// A slot that was never filled.
const EMPTY: u8 = 0x80;
/// A slot whose entry was deleted.
const DELETED: u8 = 0xFE;
/// All slots of a group empty.
const ALL_EMPTY: u64 = 0x8080_8080_8080_8080;
/// One in every byte.
const LOW_BITS: u64 = 0x0101_0101_0101_0101;

/// A map value points at this.
#[repr(C)]
#[derive(Debug)]
pub struct MapHeader {
    /// Entries: what `len` is (`abi::COUNT_OFFSET`).
    count: u64,
    /// The table; null before the first insertion.
    table: *mut u8,
    /// Number of groups less one; the number is a power of two.
    group_mask: u64,
    /// Insertions into empty slots before the table must grow.
    growth_left: u64,
    /// Makes hashes differ between maps and runs.
    seed: u64,
    /// How often the map was cleared.
    clears: u64,
    /// The layout.
    layout: *const MapLayout,
    /// Number of the goroutine that changes the map at the moment; 0 for none. Only a help to find mistakes: two may well
    /// overlook each other.
    writer: AtomicU64,
}

/// Where maps get memory: zeroed, and a collection may not happen inside.
pub trait MapMemory {
    /// A zeroed array of `count` values; `None` when memory is out.
    fn allocate_array(&mut self, element: &TypeDescriptor, count: usize) -> Option<*mut u8>;
    /// A random number.
    fn random(&mut self) -> u64;
    /// Called before memory of a table, or the pointer to a table, is overwritten: the collector may have to know what it was, and
    /// that it changed.
    fn before_store(&mut self, address: *const u8, size_bytes: usize);
    /// The same where zeroes are about to be written.
    fn before_clear(&mut self, address: *const u8, size_bytes: usize);
}

/// Memory is out, or a key cannot be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapError {
    /// The key's type.
    Fault(Fault),
    /// The table does not fit.
    OutOfMemory,
}

impl From<Fault> for MapError {
    fn from(fault: Fault) -> Self {
        MapError::Fault(fault)
    }
}

/// The bytes of `group` that equal `byte`, as a mask of their high bits. May name bytes above a true
/// match that do not match (borrow); they are compared by key anyway.
#[inline]
fn match_byte(group: u64, byte: u8) -> u64 {
    let difference = group ^ (LOW_BITS * u64::from(byte));
    difference.wrapping_sub(LOW_BITS) & !difference & ALL_EMPTY
}

/// The empty slots: the only control value with the high bit set and the next one clear.
#[inline]
fn match_empty(group: u64) -> u64 {
    group & !(group << 1) & ALL_EMPTY
}

/// The slots that are not full.
#[inline]
fn match_free(group: u64) -> u64 {
    group & ALL_EMPTY
}

/// The slots that are full.
#[inline]
fn match_full(group: u64) -> u64 {
    !group & ALL_EMPTY
}

#[inline]
fn first_slot(mask: u64) -> usize {
    mask.trailing_zeros() as usize / 8
}

/// Visits groups at triangular distances: all of them, as their number is a power of two.
struct Probe {
    group: u64,
    step: u64,
    mask: u64,
}

impl Probe {
    #[inline]
    fn new(hash: u64, mask: u64) -> Self {
        Probe {
            group: (hash >> 7) & mask,
            step: 0,
            mask,
        }
    }

    #[inline]
    fn advance(&mut self) {
        self.step += 1;
        self.group = (self.group + self.step) & self.mask;
    }
}

impl MapHeader {
    /// The word of a header that holds the table.
    const TABLE_WORD: usize = std::mem::offset_of!(MapHeader, table) / 8;

    /// Makes a small map in room of the caller's, which has the form of [`layout::room_descriptor`]: the first group is there
    /// already. When it is full the map moves to a table of the heap, like any other.
    ///
    /// # Safety
    /// `room` may be written; `layout` outlives the map, and so does the room.
    pub unsafe fn make_in(
        room: *mut u8,
        layout: *const MapLayout,
        memory: &mut dyn MapMemory,
    ) -> *mut MapHeader {
        let map: *mut MapHeader = room.cast();
        // SAFETY: the caller's: a header fits, and the group behind it.
        unsafe {
            let group_bytes = (*layout).shape.group_bytes();
            memory::clear(room, size_of::<MapHeader>() + group_bytes);
            (*map).layout = layout;
            (*map).seed = memory.random();
            (*map).set_table(room.add(size_of::<MapHeader>()), 1);
        }
        map
    }

    /// Completes a fresh, zeroed header; room for `hint` entries is made at once.
    ///
    /// # Safety
    /// `map` is a zeroed header; `layout` outlives it.
    pub unsafe fn initialize(
        map: *mut MapHeader,
        layout: *const MapLayout,
        hint: u64,
        memory: &mut dyn MapMemory,
    ) -> Result<(), MapError> {
        // SAFETY: the caller's.
        let map = unsafe { &mut *map };
        map.layout = layout;
        map.seed = memory.random();
        if hint >= GROUP_SLOTS as u64 {
            let groups = hint.checked_mul(8).map(|slots| {
                (slots / 7 + 1)
                    .div_ceil(GROUP_SLOTS as u64)
                    .next_power_of_two()
            });
            let fits = |groups: &u64| {
                let table_bytes = groups.checked_mul(map.layout().shape.group_bytes() as u64);
                table_bytes.is_some_and(|table_bytes| table_bytes <= MAX_ALLOCATION_BYTES)
            };
            // As in Go, a hint that no memory could hold is no hint.
            if let Some(groups) = groups.filter(fits) {
                map.new_table(groups, memory)?;
            }
        }
        Ok(())
    }

    #[inline]
    fn layout(&self) -> &'static MapLayout {
        // SAFETY: set by `initialize`, and layouts live as long as the program runs.
        unsafe { &*self.layout }
    }

    fn new_table(&mut self, groups: u64, memory: &mut dyn MapMemory) -> Result<(), MapError> {
        let layout = self.layout();
        let table = memory
            .allocate_array(&layout.shape.descriptor, groups as usize)
            .ok_or(MapError::OutOfMemory)?;
        memory.before_store((&raw const self.table).cast(), size_of::<*mut u8>());
        // SAFETY: the new table is zeroed and has that many groups.
        unsafe { self.set_table(table, groups) };
        Ok(())
    }

    /// # Safety
    /// The table is zeroed and has so many groups.
    unsafe fn set_table(&mut self, table: *mut u8, groups: u64) {
        let layout = self.layout();
        for group in 0..groups {
            // SAFETY: the caller's.
            unsafe { *layout.control(table, group) = ALL_EMPTY };
        }
        self.table = table;
        self.group_mask = groups - 1;
        let slots = groups * GROUP_SLOTS as u64;
        // A single group may fill all but one slot.
        self.growth_left = slots - (slots / 8).max(1);
    }

    /// The slot that holds a key.
    ///
    /// # Safety
    /// The address holds a key of this map.
    unsafe fn find_slot(&self, key: *const u8, hash: u64) -> Option<(u64, usize)> {
        let layout = self.layout();
        // SAFETY: the caller's; slots that are asked about hold keys.
        unsafe {
            match layout.kind {
                KeyKind::Word32 => self.find_slot_of(u32::read(key), hash),
                KeyKind::Word64 => self.find_slot_of(u64::read(key), hash),
                KeyKind::String => self.find_slot_of(Text::read(key), hash),
                // A key in the table was hashed, so comparing it cannot fail.
                KeyKind::General => self.find_slot_where(hash, |slot| {
                    values_equal(&*layout.key, key, slot).unwrap_or(false)
                }),
            }
        }
    }

    /// The slot that holds a key, of the kind that this map has.
    #[inline]
    fn find_slot_of<K: PlainKey>(&self, key: K, hash: u64) -> Option<(u64, usize)> {
        // SAFETY: slots that are asked about hold keys.
        self.find_slot_where(hash, |slot| unsafe { key.is_at(slot) })
    }

    /// The slot whose key is the one that is looked for, made for each kind of key.
    #[inline]
    fn find_slot_where(
        &self,
        hash: u64,
        is_key: impl Fn(*const u8) -> bool,
    ) -> Option<(u64, usize)> {
        if self.table.is_null() {
            return None;
        }
        let layout = self.layout();
        let mut probe = Probe::new(hash, self.group_mask);
        // SAFETY: the probe stays inside the table; slots with a matching byte are full.
        unsafe {
            loop {
                let control = *layout.control(self.table, probe.group);
                let mut candidates = match_byte(control, (hash & 0x7F) as u8);
                while candidates != 0 {
                    let slot = first_slot(candidates);
                    if is_key(layout.slot(self.table, probe.group, slot)) {
                        return Some((probe.group, slot));
                    }
                    candidates &= candidates - 1;
                }
                if match_empty(control) != 0 {
                    return None;
                }
                probe.advance();
            }
        }
    }

    /// The address of the element under a key.
    ///
    /// # Safety
    /// The address holds a key of this map.
    pub unsafe fn find(&self, key: *const u8) -> Result<Option<*mut u8>, Fault> {
        let layout = self.layout();
        // SAFETY: the caller's.
        unsafe {
            match layout.kind {
                KeyKind::Word32 => Ok(self.find_plain(u32::read(key))),
                KeyKind::Word64 => Ok(self.find_plain(u64::read(key))),
                KeyKind::String => Ok(self.find_plain(Text::read(key))),
                KeyKind::General => {
                    // Hashed even when empty: an unhashable key panics all the same.
                    let hash = layout.hash(key, self.seed)?;
                    let found = self.find_slot(key, hash);
                    Ok(found.map(|(group, slot)| layout.element(self.table, group, slot)))
                }
            }
        }
    }

    /// The address of the element under a word, in a map whose keys are words.
    #[inline]
    pub(crate) fn find_word(&self, key: u64) -> Option<*mut u8> {
        if self.layout().kind == KeyKind::Word32 {
            return self.find_plain(key as u32);
        }
        self.find_plain(key)
    }

    /// The address of the element under a key, of the kind that this map has.
    #[inline]
    pub(crate) fn find_plain<K: PlainKey>(&self, key: K) -> Option<*mut u8> {
        if self.count == 0 {
            return None;
        }
        let (group, slot) = self.find_slot_of(key, key.hash(self.seed))?;
        // SAFETY: the slot found is inside the table.
        Some(unsafe { self.layout().element(self.table, group, slot) })
    }

    /// Whether adding an entry makes a new table.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.growth_left == 0
    }

    /// The address of the element under a key, which is added if absent.
    ///
    /// # Safety
    /// As `find`.
    pub unsafe fn assign(
        &mut self,
        key: *const u8,
        memory: &mut impl MapMemory,
    ) -> Result<*mut u8, MapError> {
        let layout = self.layout();
        // SAFETY: the caller's; slots found or made are inside the table.
        unsafe {
            match layout.kind {
                KeyKind::Word32 => self.assign_plain(u32::read(key), memory),
                KeyKind::Word64 => self.assign_plain(u64::read(key), memory),
                KeyKind::String => self.assign_plain(Text::read(key), memory),
                KeyKind::General => {
                    let hash = layout.hash(key, self.seed)?;
                    let (group, slot) = match self.find_slot(key, hash) {
                        Some(found) => found,
                        None => self.add(hash, memory)?,
                    };
                    // Equal keys may differ: +0 and -0. Go keeps the newer one for such types.
                    let place = layout.slot(self.table, group, slot);
                    memory.before_store(place, layout.key_bytes);
                    memory::copy(place, key, layout.key_bytes);
                    Ok(layout.element(self.table, group, slot))
                }
            }
        }
    }

    /// As [`Self::assign`], of a word in a map whose keys are words.
    #[inline]
    pub(crate) fn assign_word(
        &mut self,
        key: u64,
        memory: &mut impl MapMemory,
    ) -> Result<*mut u8, MapError> {
        if self.layout().kind == KeyKind::Word32 {
            return self.assign_plain(key as u32, memory);
        }
        self.assign_plain(key, memory)
    }

    /// As [`Self::assign`], of a key of the kind that this map has.
    #[inline]
    pub(crate) fn assign_plain<K: PlainKey>(
        &mut self,
        key: K,
        memory: &mut impl MapMemory,
    ) -> Result<*mut u8, MapError> {
        let hash = key.hash(self.seed);
        let found = self.find_slot_of(key, hash);
        let (group, slot) = match found {
            Some(found) => found,
            None => self.add(hash, memory)?,
        };
        let layout = self.layout();
        // SAFETY: slots found or made are inside the table.
        unsafe {
            if found.is_none() || K::IS_REPLACED {
                let place = layout.slot(self.table, group, slot);
                memory.before_store(place, size_of::<K>());
                key.write(place);
            }
            Ok(layout.element(self.table, group, slot))
        }
    }

    /// A slot for a new entry with this hash, marked as full, growing the table if need be.
    #[inline]
    fn add(&mut self, hash: u64, memory: &mut impl MapMemory) -> Result<(u64, usize), MapError> {
        if self.growth_left == 0 {
            self.grow(memory)?;
        }
        // SAFETY: now there is a table, and it is not full.
        let place = unsafe { self.take_free_slot(hash) };
        self.count += 1;
        Ok(place)
    }

    /// Marks the first free slot on a hash's way as full. A table exists and is not full.
    #[inline]
    unsafe fn take_free_slot(&mut self, hash: u64) -> (u64, usize) {
        let layout = self.layout();
        let mut probe = Probe::new(hash, self.group_mask);
        // SAFETY: the probe stays inside the table.
        unsafe {
            loop {
                let control = layout.control(self.table, probe.group);
                let free = match_free(*control);
                if free != 0 {
                    let slot = first_slot(free);
                    let byte = control.cast::<u8>().add(slot);
                    if *byte == EMPTY {
                        self.growth_left -= 1;
                    }
                    *byte = (hash & 0x7F) as u8;
                    return (probe.group, slot);
                }
                probe.advance();
            }
        }
    }

    /// Moves all entries to a new table: twice as large, or as large if mostly deleted ones fill it.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, memory: &mut dyn MapMemory) -> Result<(), MapError> {
        if self.table.is_null() {
            return self.new_table(1, memory);
        }
        let layout = self.layout();
        let (old_table, old_groups) = (self.table, self.group_mask + 1);
        let slots = old_groups * GROUP_SLOTS as u64;
        let groups = if self.count * 16 <= slots * 7 {
            old_groups
        } else {
            old_groups * 2
        };
        self.new_table(groups, memory)?;
        for group in 0..old_groups {
            for slot in 0..GROUP_SLOTS {
                // SAFETY: inside the old table; full slots hold keys that were hashed before.
                unsafe {
                    if *layout.control(old_table, group).cast::<u8>().add(slot) & EMPTY != 0 {
                        continue;
                    }
                    let from = layout.slot(old_table, group, slot);
                    let hash = layout.hash(from, self.seed).unwrap_or(self.seed);
                    let (group, slot) = self.take_free_slot(hash);
                    let to = layout.slot(self.table, group, slot);
                    memory::copy(to, from, layout.shape.slot_bytes);
                }
            }
        }
        Ok(())
    }

    /// Removes the entry under a key, if there is one.
    ///
    /// # Safety
    /// As `find`.
    pub unsafe fn delete(
        &mut self,
        key: *const u8,
        memory: &mut dyn MapMemory,
    ) -> Result<(), Fault> {
        let layout = self.layout();
        // SAFETY: the caller's; the slot found is inside the table.
        unsafe {
            let hash = layout.hash(key, self.seed)?;
            let Some((group, slot)) = self.find_slot(key, hash) else {
                return Ok(());
            };
            let place = layout.slot(self.table, group, slot);
            memory.before_clear(place, layout.shape.slot_bytes);
            memory::clear(place, layout.shape.slot_bytes);
            let control = layout.control(self.table, group);
            // No probe has passed a group with an empty slot, so the slot may become empty again.
            let becomes_empty = match_empty(*control) != 0;
            *control.cast::<u8>().add(slot) = if becomes_empty { EMPTY } else { DELETED };
            self.growth_left += u64::from(becomes_empty);
            self.count -= 1;
            Ok(())
        }
    }

    /// Removes all entries.
    pub fn clear(&mut self, memory: &mut dyn MapMemory) {
        self.clears += 1;
        if self.table.is_null() {
            return;
        }
        let layout = self.layout();
        let groups = self.group_mask + 1;
        for group in 0..groups {
            // SAFETY: inside the table.
            unsafe {
                let (place, size_bytes) = (
                    layout.slot(self.table, group, 0),
                    GROUP_SLOTS * layout.shape.slot_bytes,
                );
                memory.before_clear(place, size_bytes);
                ptr::write_bytes(place, 0, size_bytes);
                *layout.control(self.table, group) = ALL_EMPTY;
            }
        }
        self.count = 0;
        let slots = groups * GROUP_SLOTS as u64;
        self.growth_left = slots - (slots / 8).max(1);
    }

    /// The number of entries.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a goroutine changes the map at the moment.
    #[inline]
    pub fn is_being_written(&self) -> bool {
        self.writer.load(Relaxed) != 0
    }

    /// Goroutine `id` begins to change the map; false if another one does.
    #[inline]
    pub fn begin_write(&self, id: u64) -> bool {
        if self.is_being_written() {
            return false;
        }
        self.writer.store(id, Relaxed);
        true
    }

    /// It has changed it; false if another one began meanwhile.
    #[inline]
    pub fn end_write(&self, id: u64) -> bool {
        let is_alone = self.writer.load(Relaxed) == id;
        self.writer.store(0, Relaxed);
        is_alone
    }

    /// The layout of this map's type.
    #[inline]
    pub fn map_layout(&self) -> &'static MapLayout {
        self.layout()
    }
}
