//! Allocation for compiled code and for the runtime itself.
//!
//! Entries collect at their beginning if it is time to; the allocation proper never does, so several fresh objects can be
//! made one after another without rooting any.

use gc::layout::{PointerBitmap, TypeDescriptor};

use crate::abi::RuntimeType;
use crate::goroutine::Goroutine;
use crate::panic;
use crate::scheduler::{instance_of, processor_of};
use crate::{fatal, go_size, runtime_error};

/// The most bytes one object can have, as in Go.
pub const MAX_ALLOCATION_BYTES: u64 = 1 << 48;

/// Takes what an allocation gave. Without memory the program cannot even panic: it ends here, as Go's does.
fn expect_memory(
    g: &Goroutine,
    size_bytes: usize,
    allocated: Result<*mut u8, gc::AllocationError>,
) -> *mut u8 {
    allocated.unwrap_or_else(|_| fatal::out_of_heap(g, size_bytes))
}

/// A zeroed value of `descriptor`'s type. Does not collect.
pub fn new_object(g: &Goroutine, descriptor: &TypeDescriptor) -> *mut u8 {
    let allocated = instance_of(g)
        .heap
        .allocate(&mut processor_of(g).cache, descriptor);
    expect_memory(g, descriptor.size_bytes(), allocated)
}

/// `count` zeroed values of `element`'s type. Does not collect.
pub fn new_array(g: &Goroutine, element: &TypeDescriptor, count: usize) -> *mut u8 {
    let allocated = instance_of(g)
        .heap
        .allocate_array(&mut processor_of(g).cache, element, count);
    expect_memory(g, element.size_bytes().saturating_mul(count), allocated)
}

/// Zeroed memory without pointers. Does not collect.
pub fn new_bytes(g: &Goroutine, size_bytes: usize) -> *mut u8 {
    let allocated = instance_of(g)
        .heap
        .allocate_noscan(&mut processor_of(g).cache, size_bytes);
    expect_memory(g, size_bytes, allocated)
}

/// Memory without pointers that holds anything: the caller writes all of it. Does not collect.
pub fn new_unwritten_bytes(g: &Goroutine, size_bytes: usize) -> *mut u8 {
    let allocated = instance_of(g)
        .heap
        .allocate_unwritten(&mut processor_of(g).cache, size_bytes);
    expect_memory(g, size_bytes, allocated)
}

/// A zeroed header and then elements. Does not collect.
pub fn new_with_header(
    g: &Goroutine,
    header: &TypeDescriptor,
    element: &TypeDescriptor,
    count: usize,
) -> *mut u8 {
    let cache = &mut processor_of(g).cache;
    let allocated = instance_of(g)
        .heap
        .allocate_with_header(cache, header, element, count);
    let size_bytes = element.size_bytes().saturating_mul(count);
    expect_memory(g, size_bytes.saturating_add(header.size_bytes()), allocated)
}

/// What the collector must know of a string.
pub fn string_descriptor() -> TypeDescriptor {
    TypeDescriptor::new(16, 8, PointerBitmap::from_pointer_words([0]))
}

/// A fresh copy of `bytes`. Does not collect.
pub fn copy_bytes(g: &Goroutine, bytes: &[u8]) -> *mut u8 {
    let target = new_unwritten_bytes(g, bytes.len());
    // SAFETY: the object is as long as `bytes`, and fresh.
    unsafe { target.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
    target
}

/// A string with these bytes: address and length. Does not collect.
pub fn new_string(g: &Goroutine, bytes: &[u8]) -> (u64, u64) {
    if bytes.is_empty() {
        return (0, 0);
    }
    let target = copy_bytes(g, bytes);
    (target.expose_provenance() as u64, bytes.len() as u64)
}

/// The address of a value of type `ty` with these words. Does not collect.
///
/// # Panics
/// When the type has fewer words.
#[expect(
    clippy::cast_ptr_alignment,
    reason = "heap objects are aligned to words"
)]
pub fn new_words(g: &Goroutine, ty: &RuntimeType, words: &[u64]) -> u64 {
    assert!(ty.size_bytes as usize >= size_of_val(words));
    let target = new_object(g, &ty.descriptor);
    // SAFETY: the object is fresh and large enough.
    unsafe {
        target
            .cast::<u64>()
            .copy_from_nonoverlapping(words.as_ptr(), words.len());
    };
    target.expose_provenance() as u64
}

/// Bytes of `count` elements of `element_bytes`, if an object can be that large.
pub fn array_bytes(element_bytes: u64, count: i64) -> Option<u64> {
    let count = u64::try_from(count).ok()?;
    element_bytes
        .checked_mul(count)
        .filter(|&size_bytes| size_bytes <= MAX_ALLOCATION_BYTES)
}

/// Grows a slice of `old_length` elements at `old` to hold `new_length`, as `append` does: the new store and its
/// capacity. `None` when that is too large. Does not collect.
///
/// # Safety
/// `old` points at `old_length` elements of type `element`.
pub unsafe fn grow_slice(
    g: &Goroutine,
    element: &RuntimeType,
    old: *const u8,
    old_length: u64,
    old_capacity: u64,
    new_length: i64,
) -> Option<(*mut u8, u64)> {
    let element_bytes = element.size_bytes;
    let new_length = u64::try_from(new_length).ok()?;
    if element_bytes == 0 {
        return Some((gc::layout::zero_size_address(), new_length));
    }
    let wanted = go_size::next_capacity(new_length, old_capacity);
    let wanted_bytes = array_bytes(element_bytes, wanted as i64)?;
    let rounded_bytes = go_size::round_up(wanted_bytes, element.descriptor.has_pointers());
    // Most elements are as wide as a power of two, and a division is slow.
    let capacity = if element_bytes.is_power_of_two() {
        rounded_bytes >> element_bytes.trailing_zeros()
    } else {
        rounded_bytes / element_bytes
    };
    if capacity * element_bytes > MAX_ALLOCATION_BYTES {
        return None;
    }
    let old_bytes = (old_length * element_bytes) as usize;
    let target = if element.descriptor.has_pointers() {
        new_array(g, &element.descriptor, capacity as usize)
    } else {
        let new_bytes = (capacity * element_bytes) as usize;
        let target = new_unwritten_bytes(g, new_bytes);
        // SAFETY: the object is fresh and that long, and longer than what it replaces.
        unsafe { target.add(old_bytes).write_bytes(0, new_bytes - old_bytes) };
        target
    };
    if old_length > 0 {
        // SAFETY: the caller vouches for the source; the target is fresh and larger.
        unsafe { target.copy_from_nonoverlapping(old, old_bytes) };
    }
    Some((target, capacity))
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};
    use crate::safepoint;

    /// A zeroed object.
    ///
    /// # Safety
    /// Called by its trampoline, with a type of the image.
    pub(crate) unsafe extern "sysv64" fn allocate(
        g: *mut Goroutine,
        ty: *const RuntimeType,
    ) -> *mut u8 {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let (g, ty) = unsafe { (&mut *g, &*ty) };
        safepoint::poll(g);
        new_object(g, &ty.descriptor)
    }

    /// A zeroed backing store.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn allocate_array(
        g: *mut Goroutine,
        element: *const RuntimeType,
        count: Word,
    ) -> *mut u8 {
        // SAFETY: as above.
        let (g, element) = unsafe { (&mut *g, &*element) };
        safepoint::poll(g);
        new_array(g, &element.descriptor, count as usize)
    }

    /// Zeroed memory without pointers.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn allocate_bytes(
        g: *mut Goroutine,
        size_bytes: Word,
    ) -> *mut u8 {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        new_bytes(g, size_bytes as usize)
    }

    /// `make([]T, length, capacity)`: the store.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn make_slice(
        g: *mut Goroutine,
        element: *const RuntimeType,
        length: i64,
        capacity: i64,
    ) -> *mut u8 {
        // SAFETY: as above.
        let (g, element) = unsafe { (&mut *g, &*element) };
        if length > capacity || array_bytes(element.size_bytes, capacity).is_none() || length < 0 {
            // With both out of range, the length is what the program wrote.
            let is_length_bad = array_bytes(element.size_bytes, length).is_none();
            let what = if is_length_bad { "len" } else { "cap" };
            let value = runtime_error::error_string(g, &format!("makeslice: {what} out of range"));
            panic::start(g, value);
            return std::ptr::null_mut();
        }
        safepoint::poll(g);
        new_array(g, &element.descriptor, capacity as usize)
    }

    /// Room for `append`.
    ///
    /// # Safety
    /// As above, and `old` points at `old_length` elements.
    pub(crate) unsafe extern "sysv64" fn append_grow(
        g: *mut Goroutine,
        element: *const RuntimeType,
        old: *const u8,
        old_length: Word,
        old_capacity: Word,
        new_length: i64,
    ) -> Pair {
        // SAFETY: as above.
        let (g, element) = unsafe { (&mut *g, &*element) };
        safepoint::poll(g);
        // SAFETY: compiled code passes a slice.
        let grown = unsafe { grow_slice(g, element, old, old_length, old_capacity, new_length) };
        if let Some((target, capacity)) = grown {
            return Pair(target.expose_provenance() as u64, capacity);
        }
        let value = runtime_error::error_string(g, "growslice: len out of range");
        panic::start(g, value);
        Pair(0, 0)
    }
}
