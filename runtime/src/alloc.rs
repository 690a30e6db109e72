//! Allocation for compiled code and for the runtime itself.
//!
//! Entries collect at their beginning if it is time to; the allocation proper never does, so several fresh objects can be
//! made one after another without rooting any.
//!
//! It cannot be time to as long as slots are ready (see `gc::Cache`): so an entry looks for one first, as compiled code
//! does, and takes the long way, which begins with a safepoint, if there is none.

use gc::Cache;
use gc::layout::{PointerBitmap, TypeDescriptor};

use crate::abi::RuntimeType;
use crate::goroutine::Goroutine;
use crate::scheduler::{Wait, blocking, instance_of, processor_of};
use crate::{fatal, go_size, memory, panic, runtime_error, safepoint};

/// The most bytes one object can have, as in Go.
pub const MAX_ALLOCATION_BYTES: u64 = 1 << 48;

/// Takes what an allocation gave. Without memory the program cannot even panic: it ends here, as Go's does.
pub fn expect_memory(
    g: &Goroutine,
    size_bytes: usize,
    allocated: Result<*mut u8, gc::AllocationError>,
) -> *mut u8 {
    allocated.unwrap_or_else(|_| fatal::out_of_heap(g, size_bytes))
}

/// The cache of the Processor that runs `g`, as compiled code finds it.
#[inline]
#[expect(
    clippy::mut_from_ref,
    clippy::cast_ptr_alignment,
    reason = "as `processor_of`; a word that names a cache"
)]
fn cache_of(g: &Goroutine) -> &mut Cache {
    // SAFETY: the block of a running goroutine names the cache of its Processor, which this thread has; entries use it for one
    // action only.
    unsafe { &mut *g.block.cache.cast::<Cache>() }
}

/// Memory without pointers that holds anything, as [`new_unwritten_bytes`], at a safepoint: may collect first.
#[inline]
pub fn collect_or_new_unwritten_bytes(g: &mut Goroutine, size_bytes: usize) -> *mut u8 {
    match cache_of(g).take_ready(size_bytes) {
        Some(slot) => slot,
        None => collect_then_new_unwritten_bytes(g, size_bytes),
    }
}

#[cold]
#[inline(never)]
fn collect_then_new_unwritten_bytes(g: &mut Goroutine, size_bytes: usize) -> *mut u8 {
    safepoint::poll(g);
    new_unwritten_bytes(g, size_bytes)
}

/// `count` zeroed values of `element`'s type, `size_bytes` in all, at a safepoint: may collect first.
#[inline]
fn collect_or_new_array(
    g: &mut Goroutine,
    element: &TypeDescriptor,
    count: usize,
    size_bytes: usize,
) -> *mut u8 {
    match cache_of(g).take_ready_array(element, size_bytes) {
        Some(slot) => slot,
        None => collect_then_new_array(g, element, count, 0),
    }
}

/// As [`collect_or_new_array`], the long way, and zeroed only beyond the first `written_bytes`.
#[cold]
#[inline(never)]
fn collect_then_new_array(
    g: &mut Goroutine,
    element: &TypeDescriptor,
    count: usize,
    written_bytes: usize,
) -> *mut u8 {
    let size_bytes = element.size_bytes().saturating_mul(count);
    collect_or_clean(g, size_bytes, written_bytes);
    let cache = &mut processor_of(g).cache;
    let allocated = instance_of(g)
        .heap
        .allocate_array_beyond(cache, element, count, written_bytes);
    expect_memory(g, size_bytes, allocated)
}

/// To be called at a safepoint before an object of `size_bytes` is made, whose first `written_bytes` need not be zero: collects if
/// it is time to, and has much memory cleared where a stop does not wait.
fn collect_or_clean(g: &mut Goroutine, size_bytes: usize, written_bytes: usize) {
    safepoint::poll(g);
    let heap = &instance_of(g).heap;
    if let Some(cleaning) = heap.begin_cleaning(size_bytes, written_bytes) {
        blocking(g, Wait::Short, || heap.clean(&cleaning));
        heap.end_cleaning(cleaning);
    }
}

/// A zeroed value of `descriptor`'s type. Does not collect.
pub fn new_object(g: &Goroutine, descriptor: &TypeDescriptor) -> *mut u8 {
    if let Some(slot) = cache_of(g).take_ready_object(descriptor) {
        return slot;
    }
    let allocated = instance_of(g)
        .heap
        .allocate(&mut processor_of(g).cache, descriptor);
    expect_memory(g, descriptor.size_bytes(), allocated)
}

/// `count` zeroed values of `element`'s type. Does not collect.
pub fn new_array(g: &Goroutine, element: &TypeDescriptor, count: usize) -> *mut u8 {
    let size_bytes = element.size_bytes().saturating_mul(count);
    if let Some(slot) = cache_of(g).take_ready_array(element, size_bytes) {
        return slot;
    }
    let allocated = instance_of(g)
        .heap
        .allocate_array(&mut processor_of(g).cache, element, count);
    expect_memory(g, size_bytes, allocated)
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
    unsafe { memory::copy(target, bytes.as_ptr(), bytes.len()) };
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
#[inline]
pub fn array_bytes(element_bytes: u64, count: i64) -> Option<u64> {
    let count = u64::try_from(count).ok()?;
    element_bytes
        .checked_mul(count)
        .filter(|&size_bytes| size_bytes <= MAX_ALLOCATION_BYTES)
}

/// The room that `append` makes.
struct Grown {
    /// Elements.
    capacity: u64,
    /// Bytes of them.
    size_bytes: u64,
}

/// How large a slice becomes that has to hold `new_length` elements of `element_bytes`; `None` when that is too large.
#[inline]
fn grown_size(
    element_bytes: u64,
    has_pointers: bool,
    old_capacity: u64,
    new_length: i64,
) -> Option<Grown> {
    let new_length = u64::try_from(new_length).ok()?;
    let wanted = go_size::next_capacity(new_length, old_capacity);
    let wanted_bytes = array_bytes(element_bytes, wanted as i64)?;
    let rounded_bytes = go_size::round_up(wanted_bytes, has_pointers);
    // Most elements are as wide as a power of two, and a division is slow.
    let capacity = if element_bytes.is_power_of_two() {
        rounded_bytes >> element_bytes.trailing_zeros()
    } else {
        rounded_bytes / element_bytes
    };
    let size_bytes = capacity * element_bytes;
    (size_bytes <= MAX_ALLOCATION_BYTES).then_some(Grown {
        capacity,
        size_bytes,
    })
}

/// Grows a slice of `old_length` elements at `old` to hold `new_length`, as `append` does, at a safepoint: the new store and its
/// capacity. `None` when that is too large. May collect first.
///
/// # Safety
/// `old` points at `old_length` elements of type `element`.
#[inline]
unsafe fn grow_slice(
    g: &mut Goroutine,
    element: &RuntimeType,
    old: *const u8,
    old_length: u64,
    old_capacity: u64,
    new_length: i64,
) -> Option<(*mut u8, u64)> {
    let element_bytes = element.size_bytes;
    if element_bytes == 0 {
        let new_length = u64::try_from(new_length).ok()?;
        return Some((gc::layout::zero_size_address(), new_length));
    }
    let has_pointers = element.descriptor.has_pointers();
    let grown = grown_size(element_bytes, has_pointers, old_capacity, new_length)?;
    let size_bytes = grown.size_bytes as usize;
    let old_bytes = (old_length * element_bytes) as usize;
    let ready = cache_of(g).take_ready_unwritten_array(&element.descriptor, size_bytes);
    let target = if let Some((slot, end_bytes)) = ready {
        // SAFETY: the slot is fresh, that large, and larger than what it replaces.
        unsafe { memory::clear(slot.add(old_bytes), end_bytes - old_bytes) };
        slot
    } else {
        collect_then_new_array(g, &element.descriptor, grown.capacity as usize, old_bytes)
    };
    // SAFETY: the caller vouches for the source; the target is fresh and larger.
    unsafe { memory::copy(target, old, old_bytes) };
    Some((target, grown.capacity))
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::*;
    use crate::entry::{Pair, Word};

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
        collect_or_clean(g, ty.descriptor.size_bytes(), 0);
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
        let count = count as usize;
        let size_bytes = element.size_bytes as usize * count;
        collect_or_new_array(g, &element.descriptor, count, size_bytes)
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
        let size_bytes = size_bytes as usize;
        if let Some(slot) = cache_of(g).take_ready_zeroed(size_bytes) {
            return slot;
        }
        collect_or_clean(g, size_bytes, 0);
        new_bytes(g, size_bytes)
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
        match array_bytes(element.size_bytes, capacity) {
            Some(size_bytes) if (0..=capacity).contains(&length) => {
                let (count, size_bytes) = (capacity as usize, size_bytes as usize);
                collect_or_new_array(g, &element.descriptor, count, size_bytes)
            }
            _ => refuse_slice(g, element, length),
        }
    }

    #[cold]
    fn refuse_slice(g: &mut Goroutine, element: &RuntimeType, length: i64) -> *mut u8 {
        // With both out of range, the length is what the program wrote.
        let is_length_bad = array_bytes(element.size_bytes, length).is_none();
        let what = if is_length_bad { "len" } else { "cap" };
        let value = runtime_error::error_string(g, &format!("makeslice: {what} out of range"));
        panic::start(g, value);
        std::ptr::null_mut()
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
        // SAFETY: compiled code passes a slice.
        let grown = unsafe { grow_slice(g, element, old, old_length, old_capacity, new_length) };
        match grown {
            Some((target, capacity)) => Pair(target.expose_provenance() as u64, capacity),
            None => refuse_growth(g),
        }
    }

    #[cold]
    fn refuse_growth(g: &mut Goroutine) -> Pair {
        let value = runtime_error::error_string(g, "growslice: len out of range");
        panic::start(g, value);
        Pair(0, 0)
    }
}
