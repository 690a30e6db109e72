//! Slots that are ready in a cell, for sizes that are known only at run time: what compiled code does in line for the others.
//!
//! Nothing is locked, counted or refilled, so nothing can be due: who allocates this way need not be at a safepoint first. When
//! no slot is ready the long way is to be taken, through [`Heap`](crate::Heap), and a safepoint before it.

use crate::cache::Cache;
use crate::descriptor::TypeDescriptor;
use crate::layout::LayoutId;
use crate::layout_memo::LayoutKey;
use crate::object;
use crate::size_class::SizeClass;

impl Cache {
    /// A slot for `size_bytes` without pointers. It holds anything: the caller writes all of them before others may read.
    #[inline]
    pub fn take_ready(&mut self, size_bytes: usize) -> Option<*mut u8> {
        let class = SizeClass::for_small(size_bytes)?;
        self.take_ready_of(LayoutId::noscan(class), class)
    }

    /// A slot for `size_bytes` without pointers, zeroed.
    #[inline]
    pub fn take_ready_zeroed(&mut self, size_bytes: usize) -> Option<*mut u8> {
        let slot = self.take_ready(size_bytes)?;
        // SAFETY: the slot is that large, and nobody else has it (I1).
        unsafe { object::zero_slot(slot, size_bytes) };
        Some(slot)
    }

    /// A slot for a value of `descriptor`'s type, zeroed.
    #[inline]
    pub fn take_ready_object(&mut self, descriptor: &TypeDescriptor) -> Option<*mut u8> {
        self.take_ready_values(descriptor, descriptor.size_bytes(), false)
    }

    /// A slot for `size_bytes` of values of `element`'s type in a row, zeroed.
    #[inline]
    pub fn take_ready_array(
        &mut self,
        element: &TypeDescriptor,
        size_bytes: usize,
    ) -> Option<*mut u8> {
        self.take_ready_values(element, size_bytes, true)
    }

    #[inline]
    fn take_ready_values(
        &mut self,
        descriptor: &TypeDescriptor,
        size_bytes: usize,
        is_array: bool,
    ) -> Option<*mut u8> {
        if !descriptor.has_pointers() {
            return self.take_ready_zeroed(size_bytes);
        }
        let (slot, slot_size_bytes) = self.take_ready_scanned(descriptor, size_bytes, is_array)?;
        // SAFETY: as above.
        unsafe { object::zero_slot(slot, slot_size_bytes) };
        Some(slot)
    }

    /// A slot for `size_bytes` of values of `element`'s type in a row, and how many bytes are to be written before the next
    /// safepoint, the last ones with zeroes: with pointers all of the slot, because the collector looks at whole slots.
    #[inline]
    pub fn take_ready_unwritten_array(
        &mut self,
        element: &TypeDescriptor,
        size_bytes: usize,
    ) -> Option<(*mut u8, usize)> {
        if !element.has_pointers() {
            return self.take_ready(size_bytes).map(|slot| (slot, size_bytes));
        }
        self.take_ready_scanned(element, size_bytes, true)
    }

    /// A slot for values of a type with pointers, and its size.
    #[inline]
    fn take_ready_scanned(
        &mut self,
        descriptor: &TypeDescriptor,
        size_bytes: usize,
        is_array: bool,
    ) -> Option<(*mut u8, usize)> {
        let class = SizeClass::for_small(size_bytes)?;
        let slot_size_bytes = class.slot_size_bytes();
        let key_bytes = if is_array {
            slot_size_bytes
        } else {
            size_bytes
        };
        let layout = self
            .memo
            .get(LayoutKey::new(descriptor, key_bytes, is_array)?)
            .filter(|layout| layout.has_cell())?;
        self.take_ready_of(layout, class)
            .map(|slot| (slot, slot_size_bytes))
    }

    /// A slot of `layout`, whose slots are of `class`.
    #[inline]
    fn take_ready_of(&mut self, layout: LayoutId, class: SizeClass) -> Option<*mut u8> {
        let cell = &mut self.cells[layout.index()];
        if cell.free == 0 {
            return None;
        }
        let index = cell.free.trailing_zeros() as usize;
        cell.free &= cell.free - 1;
        // In bounds of the group, as in `Cache::take`.
        Some(cell.base.wrapping_add(index * class.slot_size_bytes()))
    }
}
