//! How the groups of a map type are laid out: one rule for the runtime and for the compiler, which has room for small maps
//! in frames.

use std::sync::OnceLock;

use gc::layout::{PointerBitmap, TypeDescriptor};

use super::{CONTROL_BYTES, GROUP_SLOTS, MapHeader, PlainKey, Text};
use crate::abi::{Kind, RuntimeType};
use crate::equality::{Fault, hash_value, values_equal};

/// Where keys and elements lie.
#[derive(Debug)]
pub struct GroupShape {
    pub(super) element_offset: usize,
    pub(super) slot_bytes: usize,
    /// What the collector must know of a group.
    pub(super) descriptor: TypeDescriptor,
}

impl GroupShape {
    /// The shape of a group of keys and elements of these types.
    pub fn new(key: &TypeDescriptor, element: &TypeDescriptor) -> Self {
        let (key_bytes, element_bytes) = (key.size_bytes(), element.size_bytes());
        // An empty element lies where the key does: behind it the table may end, and no pointer may leave its object.
        let element_offset = if element_bytes == 0 {
            0
        } else {
            key_bytes.next_multiple_of(element.align_bytes().max(1))
        };
        // Slots are whole words, so that pointer patterns repeat, and at least one, as above.
        let slot_bytes = (element_offset + element_bytes)
            .max(key_bytes)
            .max(1)
            .next_multiple_of(8);
        let group_bytes = CONTROL_BYTES + GROUP_SLOTS * slot_bytes;
        let of_element = element
            .pointer_words()
            .map(|word| word + element_offset / 8);
        let in_slot: Vec<usize> = key.pointer_words().chain(of_element).collect();
        let words = (0..GROUP_SLOTS).flat_map(|slot| {
            in_slot
                .iter()
                .map(move |word| (CONTROL_BYTES + slot * slot_bytes) / 8 + word)
        });
        GroupShape {
            element_offset,
            slot_bytes,
            descriptor: TypeDescriptor::new(
                group_bytes,
                8,
                PointerBitmap::from_pointer_words(words),
            ),
        }
    }

    /// Bytes of a group.
    #[inline]
    pub fn group_bytes(&self) -> usize {
        self.descriptor.size_bytes()
    }
}

/// What the collector must know of a map header.
pub fn header_descriptor() -> &'static TypeDescriptor {
    static HEADER: OnceLock<TypeDescriptor> = OnceLock::new();
    HEADER.get_or_init(|| {
        let pointers = PointerBitmap::from_pointer_words([MapHeader::TABLE_WORD]);
        TypeDescriptor::new(size_of::<MapHeader>(), 8, pointers)
    })
}

/// A header with a group behind it: room for a map of at most [`MAX_ENTRIES_IN_ROOM`] entries.
pub fn room_descriptor(key: &TypeDescriptor, element: &TypeDescriptor) -> TypeDescriptor {
    let group = GroupShape::new(key, element).descriptor;
    let behind = size_of::<MapHeader>() / 8;
    let of_group = group.pointer_words().map(|word| behind + word);
    let pointers =
        PointerBitmap::from_pointer_words([MapHeader::TABLE_WORD].into_iter().chain(of_group));
    TypeDescriptor::new(size_of::<MapHeader>() + group.size_bytes(), 8, pointers)
}

/// Entries of a map whose table is one group: one slot stays empty.
pub const MAX_ENTRIES_IN_ROOM: u64 = GROUP_SLOTS as u64 - 1;

/// How the keys of a map are hashed and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// Four bytes without padding.
    Word32,
    /// Eight bytes without padding.
    Word64,
    /// A string.
    String,
    /// By the type.
    General,
}

/// What the operations on one map type need: made once a type, never freed while the program runs.
#[derive(Debug)]
pub struct MapLayout {
    pub(super) key: *const RuntimeType,
    pub(super) kind: KeyKind,
    pub(super) key_bytes: usize,
    pub(super) shape: GroupShape,
    /// Read when a key is absent; never written.
    zero: Box<[u64]>,
}

// SAFETY: the types a layout points at are immutable data of the image.
unsafe impl Send for MapLayout {}
// SAFETY: likewise.
unsafe impl Sync for MapLayout {}

impl MapLayout {
    /// The layout of a map type; its address is the same each time.
    ///
    /// # Safety
    /// `ty` is a map type of a live image.
    #[inline]
    pub unsafe fn of(ty: &RuntimeType) -> &Self {
        // SAFETY: the caller's.
        ty.map_layout
            .get_or_init(|| Box::new(unsafe { MapLayout::new(ty) }))
    }

    /// # Safety
    /// As [`MapLayout::of`].
    pub(super) unsafe fn new(ty: &RuntimeType) -> Self {
        // SAFETY: a map type has key and element types, which live as long as it does.
        let (key, element) = unsafe { (&*ty.key, &*ty.element) };
        let kind = match (key.kind, key.is_plain_memory, key.size_bytes) {
            (Kind::String, ..) => KeyKind::String,
            (_, true, 4) => KeyKind::Word32,
            (_, true, 8) => KeyKind::Word64,
            _ => KeyKind::General,
        };
        MapLayout {
            key,
            kind,
            key_bytes: key.size_bytes as usize,
            shape: GroupShape::new(&key.descriptor, &element.descriptor),
            zero: vec![0; (element.size_bytes as usize).div_ceil(8).max(1)].into_boxed_slice(),
        }
    }

    /// An address that reads as the zero value of the element type.
    #[inline]
    pub fn zero_element(&self) -> *mut u8 {
        self.zero.as_ptr().cast_mut().cast()
    }

    /// Whether a key has a hash.
    ///
    /// # Safety
    /// The address holds a key.
    pub unsafe fn check_key(&self, key: *const u8) -> Result<(), Fault> {
        match self.kind {
            // SAFETY: the caller's.
            KeyKind::General => unsafe { self.hash(key, 0) }.map(|_| ()),
            _ => Ok(()),
        }
    }

    /// # Safety
    /// The address holds a key.
    #[inline]
    pub(super) unsafe fn hash(&self, key: *const u8, seed: u64) -> Result<u64, Fault> {
        // SAFETY: the caller's; the kind tells how wide a key is.
        unsafe {
            Ok(match self.kind {
                KeyKind::Word32 => u32::read(key).hash(seed),
                KeyKind::Word64 => u64::read(key).hash(seed),
                KeyKind::String => Text::read(key).hash(seed),
                KeyKind::General => return hash_value(&*self.key, key, seed),
            })
        }
    }

    /// Whether a key equals itself: NaN does not.
    ///
    /// # Safety
    /// The address holds a key.
    pub(super) unsafe fn equals_itself(&self, key: *const u8) -> bool {
        // SAFETY: the caller's. A key in the table was hashed, so comparing it cannot fail.
        self.kind != KeyKind::General
            || unsafe { values_equal(&*self.key, key, key) }.unwrap_or(false)
    }

    /// # Safety
    /// The table has that group and slot.
    #[inline]
    pub(super) unsafe fn slot(&self, table: *mut u8, group: u64, slot: usize) -> *mut u8 {
        // SAFETY: inside the table.
        unsafe {
            table.add(
                group as usize * self.shape.group_bytes()
                    + CONTROL_BYTES
                    + slot * self.shape.slot_bytes,
            )
        }
    }

    /// The element of a slot.
    ///
    /// # Safety
    /// As [`Self::slot`].
    #[inline]
    pub(super) unsafe fn element(&self, table: *mut u8, group: u64, slot: usize) -> *mut u8 {
        // SAFETY: the caller's; an element is inside its slot.
        unsafe { self.slot(table, group, slot).add(self.shape.element_offset) }
    }

    /// # Safety
    /// The table has that group.
    #[inline]
    pub(super) unsafe fn control(&self, table: *mut u8, group: u64) -> *mut u64 {
        // SAFETY: inside the table.
        unsafe { table.add(group as usize * self.shape.group_bytes()).cast() }
    }
}
