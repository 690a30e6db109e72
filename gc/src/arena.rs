//! `Arena`: the reserved address space of one heap, and the flat tables that describe its pages.
//!
//! ```text
//!   base                     base + page_count * 8 KiB
//!    | 0 | 1 | 2 | ... committed | ... no access ... |     the reservation; page 0 is never cut
//!
//!   tables, one entry a page:  descriptor 8 B | alloc, mark and black bits 64 B each | info 24 B | slot layouts 1 KiB
//! ```
//! An address is in the heap exactly when `address - base` is below the reservation's size: no search, no two-level map.
//! The tables are reserved too and take memory only where they are used; slot layouts only for shared pages.
//!
//! What must hold: nothing outside the committed part is read or written; a table entry is written by whoever owns its
//! page (the page heap, a cache, or the sweeper), and by the marker while the world is stopped. All entries are atomics
//! with relaxed order: ownership changes hands under locks, which order them.

use std::ptr::with_exposed_provenance_mut;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64};

use crate::layout::PAGE_SIZE_BYTES;
use crate::system::Mapping;

/// Slots that a page can have at most, and so the bits of its lines.
pub(crate) const MAX_SLOTS_PER_PAGE: usize = PAGE_SIZE_BYTES / 16;

/// One bit for each slot of a span, kept with its first page.
pub(crate) type BitLine = [AtomicU64; MAX_SLOTS_PER_PAGE / 64];

/// What is known of a page besides its descriptor. Kept for the first page of a span, but for `is_dirty`.
#[derive(Default)]
pub(crate) struct PageInfo {
    /// Bytes of the object of a large span.
    pub(crate) object_size_bytes: AtomicU64,
    /// Pages of the span; 0 for a page that begins none.
    pub(crate) page_count: AtomicU32,
    /// Number of the cycle after which the span was last swept (I3: the current one or the one before).
    pub(crate) swept_cycle: AtomicU32,
    /// Slots of the span.
    pub(crate) slot_count: AtomicU16,
    /// Whether slots of the span that are not allocated never were: they are zero.
    pub(crate) is_fresh: AtomicBool,
    /// Whether objects of the span have specials.
    pub(crate) has_specials: AtomicBool,
    /// Whether the page may hold anything but zeroes. Kept for every page, free ones too.
    pub(crate) is_dirty: AtomicBool,
}

/// The reserved address space and its tables.
pub(crate) struct Arena {
    base: usize,
    page_count: usize,
    memory: Mapping,
    descriptors: Table<AtomicU64>,
    marks: Table<BitLine>,
    allocs: Table<BitLine>,
    blacks: Table<BitLine>,
    infos: Table<PageInfo>,
    slot_layouts: Table<[AtomicU16; MAX_SLOTS_PER_PAGE]>,
}

impl Arena {
    /// Reserves `size_bytes`, or by halves as much as the system grants. The error is the system's code.
    pub(crate) fn reserve(size_bytes: usize) -> Result<Self, i32> {
        let mut page_count = (size_bytes / PAGE_SIZE_BYTES).clamp(MIN_PAGES, MAX_PAGES);
        loop {
            match Self::reserve_pages(page_count) {
                Err(_) if page_count > MIN_PAGES => page_count = (page_count / 2).max(MIN_PAGES),
                result => return result,
            }
        }
    }

    fn reserve_pages(page_count: usize) -> Result<Self, i32> {
        // One huge page more, to begin on the boundary of one.
        let memory = Mapping::of_address_space(page_count * PAGE_SIZE_BYTES + HUGE_PAGE_BYTES)?;
        Ok(Self {
            base: memory.address.get().next_multiple_of(HUGE_PAGE_BYTES),
            page_count,
            memory,
            descriptors: Table::new(page_count)?,
            marks: Table::new(page_count)?,
            allocs: Table::new(page_count)?,
            blacks: Table::new(page_count)?,
            infos: Table::new(page_count)?,
            slot_layouts: Table::new(page_count)?,
        })
    }

    /// Pages of the whole reservation.
    pub(crate) fn page_count(&self) -> usize {
        self.page_count
    }

    /// The page that `address` lies in; `None` when it is not in the reservation.
    #[inline]
    pub(crate) fn page_of(&self, address: usize) -> Option<usize> {
        let page = address.wrapping_sub(self.base) / PAGE_SIZE_BYTES;
        (page < self.page_count).then_some(page)
    }

    /// Address of the first byte of `page`.
    #[inline]
    pub(crate) fn page_address(&self, page: usize) -> usize {
        self.base + page * PAGE_SIZE_BYTES
    }

    /// The pointer for an address in the reservation.
    #[inline]
    pub(crate) fn pointer(&self, address: usize) -> *mut u8 {
        debug_assert!(self.page_of(address).is_some());
        // Addresses travel as integers through tables and machine words; the mapping's provenance was exposed.
        with_exposed_provenance_mut(address)
    }

    /// The pointer for the address of a word in the reservation.
    #[inline]
    pub(crate) fn word_pointer(&self, address: usize) -> *mut usize {
        debug_assert!(
            self.page_of(address).is_some() && address.is_multiple_of(size_of::<usize>())
        );
        with_exposed_provenance_mut(address)
    }

    #[inline]
    pub(crate) fn descriptor(&self, page: usize) -> &AtomicU64 {
        self.descriptors.get(page)
    }

    #[inline]
    pub(crate) fn marks(&self, page: usize) -> &BitLine {
        self.marks.get(page)
    }

    #[inline]
    pub(crate) fn allocs(&self, page: usize) -> &BitLine {
        self.allocs.get(page)
    }

    #[inline]
    pub(crate) fn blacks(&self, page: usize) -> &BitLine {
        self.blacks.get(page)
    }

    #[inline]
    pub(crate) fn info(&self, page: usize) -> &PageInfo {
        self.infos.get(page)
    }

    /// For a page of a shared layout: the layout of each slot. A span's slots are all kept with its first page.
    #[inline]
    pub(crate) fn slot_layouts(&self, page: usize) -> &[AtomicU16; MAX_SLOTS_PER_PAGE] {
        self.slot_layouts.get(page)
    }

    /// Makes `page_count` pages from `page` on readable and writable; they are zero. False when the system refuses.
    pub(crate) fn commit(&self, page: usize, page_count: usize) -> bool {
        assert!(page + page_count <= self.page_count);
        let (address, size_bytes) = (self.page_address(page), page_count * PAGE_SIZE_BYTES);
        let is_committed = self.memory.commit(address, size_bytes);
        if is_committed && (page + page_count) * PAGE_SIZE_BYTES <= SMALL_HEAP_BYTES {
            self.memory.prefer_small_pages(address, size_bytes);
        }
        is_committed
    }

    /// Gives the memory behind free pages back to the system; afterwards they are zero.
    pub(crate) fn release(&self, page: usize, page_count: usize) -> bool {
        assert!(page + page_count <= self.page_count);
        let (address, size_bytes) = (self.page_address(page), page_count * PAGE_SIZE_BYTES);
        // SAFETY: the caller is the page heap, and the pages are free: nobody holds an object there.
        unsafe { self.memory.release(address, size_bytes) }
    }

    /// Bytes of the tables of bits that the first `page_count` pages use.
    pub(crate) fn bit_table_bytes(page_count: usize) -> usize {
        page_count * 2 * size_of::<BitLine>()
    }

    /// Bytes of the descriptions of `page_count` pages.
    pub(crate) fn span_table_bytes(page_count: usize) -> usize {
        page_count * (size_of::<u64>() + size_of::<PageInfo>())
    }
}

/// Fewest pages worth a heap: 16 MiB.
const MIN_PAGES: usize = (16 << 20) / PAGE_SIZE_BYTES;

/// Most pages, so that a page's number fits 32 bits.
const MAX_PAGES: usize = u32::MAX as usize;

/// Below this a heap does without huge pages: a small program would pay for memory it never touches.
const SMALL_HEAP_BYTES: usize = 64 << 20;

const HUGE_PAGE_BYTES: usize = 2 << 20;

/// Types for which memory full of zeroes is a value, and that may be shared between threads.
///
/// # Safety
/// Implement only for integers, atomics and arrays or structures of them.
pub(crate) unsafe trait ZeroIsValid: Sync {}

// SAFETY: atomics of integers and of bool.
unsafe impl ZeroIsValid for AtomicU64 {}
// SAFETY: an array of such.
unsafe impl ZeroIsValid for BitLine {}
// SAFETY: an array of such.
unsafe impl ZeroIsValid for [AtomicU16; MAX_SLOTS_PER_PAGE] {}
// SAFETY: a structure of such.
unsafe impl ZeroIsValid for PageInfo {}

/// A zeroed array in address space of its own, which takes memory only where it is written.
pub(crate) struct Table<T> {
    mapping: Mapping,
    length: usize,
    entry: std::marker::PhantomData<T>,
}

impl<T: ZeroIsValid> Table<T> {
    pub(crate) fn new(length: usize) -> Result<Self, i32> {
        Ok(Self {
            mapping: Mapping::of_memory(length * size_of::<T>())?,
            length,
            entry: std::marker::PhantomData,
        })
    }

    pub(crate) fn address(&self) -> *mut u8 {
        with_exposed_provenance_mut(self.mapping.address.get())
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> &T {
        assert!(index < self.length);
        // SAFETY: in bounds; the mapping is page-aligned, readable, writable, zero at first, and lives as long as self.
        unsafe { &*with_exposed_provenance_mut::<T>(self.mapping.address.get()).add(index) }
    }
}
