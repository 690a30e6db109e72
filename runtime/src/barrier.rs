//! The write barrier on the runtime's side: see `gc::barrier` and `gc::cards`.
//!
//! Whoever stores to memory that may be in the heap, where there are or will be pointers, calls [`before_store`] first; who clears
//! it, [`before_clear`]. The memory of an object allocated with no safepoint since need not be reported. Whoever drops a root that
//! is neither on a stack nor in a package variable calls [`before_drop`].

use crate::goroutine::Goroutine;
use crate::instance::Instance;
use crate::scheduler::{instance_of, processor_of};

/// Bytes of a word.
const WORD_BYTES: usize = 8;

/// Tells the collector that `size_bytes` at `address` are about to be overwritten: where, since a pointer to a young object may
/// be stored there, and if it marks, what is there now. Words that hold no pointers do no harm.
///
/// # Safety
/// The range can be read, and no safepoint comes before it has been overwritten.
#[inline]
pub unsafe fn before_store(g: &Goroutine, address: *const u8, size_bytes: usize) {
    instance_of(g).heap.note_store(address, size_bytes);
    // SAFETY: the caller's.
    unsafe { before_clear(g, address, size_bytes) };
}

/// Tells the collector, if it marks, what is in `size_bytes` at `address`, where zeroes are about to be written.
///
/// # Safety
/// As [`before_store`].
#[inline]
pub unsafe fn before_clear(g: &Goroutine, address: *const u8, size_bytes: usize) {
    if g.block.phase != 0 {
        // SAFETY: the caller's.
        unsafe { log_range(g, address, size_bytes) };
    }
}

/// # Safety
/// As [`before_store`].
#[cold]
unsafe fn log_range(g: &Goroutine, address: *const u8, size_bytes: usize) {
    let skipped = address.addr().wrapping_neg() % WORD_BYTES;
    // What is less than a word, or not aligned to one, is no pointer.
    let size_bytes = size_bytes.saturating_sub(skipped);
    let cache = &mut processor_of(g).cache;
    // SAFETY: within the caller's range.
    unsafe {
        let first = address.wrapping_add(skipped);
        instance_of(g)
            .heap
            .before_overwrite(cache, first, size_bytes);
    }
}

/// Tells the collector, if it marks, of a root that is about to be dropped from a table of the runtime.
#[inline]
pub fn before_drop(g: &Goroutine, word: u64) {
    if g.block.phase != 0 {
        instance_of(g)
            .heap
            .shade(&mut processor_of(g).cache, word as usize);
    }
}

/// As [`before_clear`], on a thread that may run no goroutine. What it stores points to no object of the heap.
///
/// # Safety
/// As [`before_store`].
pub unsafe fn before_overwrite_by_thread(
    instance: &Instance,
    address: *const u8,
    size_bytes: usize,
) {
    if !instance.heap.is_marking() {
        return;
    }
    let skipped = address.addr().wrapping_neg() % WORD_BYTES;
    for offset in (skipped..size_bytes.saturating_sub(WORD_BYTES - 1)).step_by(WORD_BYTES) {
        // SAFETY: in the caller's range.
        let word = unsafe { address.add(offset).cast::<usize>().read_unaligned() };
        instance.heap.shade_root(word);
    }
}

/// What compiled code calls.
pub(crate) mod entries {
    use crate::context::SavedRegisters;
    use crate::goroutine::Goroutine;

    /// Where the second and third argument of a call are among the saved registers.
    const SECOND: usize = 4;
    const THIRD: usize = 2;

    /// The cold path of a store.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn write_barrier(
        g: *mut Goroutine,
        registers: *const SavedRegisters,
    ) {
        // SAFETY: the trampoline passes the running goroutine, and registers it saved on this thread's stack.
        let (g, words) = unsafe { (&*g, &(*registers).words) };
        let address = std::ptr::with_exposed_provenance(words[SECOND] as usize);
        // SAFETY: compiled code has touched the range, which it is about to overwrite.
        unsafe { super::before_clear(g, address, words[THIRD] as usize) };
    }

    /// Notes a store that is too long for compiled code to note.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn note_store(
        g: *mut Goroutine,
        registers: *const SavedRegisters,
    ) {
        // SAFETY: the trampoline passes the running goroutine, and registers it saved on this thread's stack.
        let (g, words) = unsafe { (&*g, &(*registers).words) };
        let address = std::ptr::without_provenance(words[SECOND] as usize);
        let heap = &crate::scheduler::instance_of(g).heap;
        heap.note_store(address, words[THIRD] as usize);
    }
}
