//! `ObjectRef`: where an address becomes an object. The only file that reads and writes the memory of objects.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use crate::arena::Arena;
use crate::layout::{LayoutId, WORD_SIZE_BYTES};

/// An object found from an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ObjectRef {
    /// Its first byte.
    pub base: usize,
    /// Bytes it may use: its slot, or for a large object its own size.
    pub size_bytes: usize,
    /// Where its pointers are.
    pub layout: LayoutId,
    /// Which slot of its span it is.
    pub index: usize,
}

/// What freed memory is filled with in poison mode: no address a program can have, and easy to see in a dump.
pub(crate) const POISON: usize = 0xdead_beef_dead_beef;

/// The word at `address`, which lies in an object.
#[inline]
pub(crate) fn read_word(arena: &Arena, address: usize) -> usize {
    debug_assert!(address.is_multiple_of(WORD_SIZE_BYTES));
    // SAFETY: the caller found `address` inside a span, so it is committed. Compiled code may store to it meanwhile: whole
    // words, which an atomic load sees before or after.
    unsafe { (*arena.word_pointer(address).cast::<AtomicUsize>()).load(Relaxed) }
}

/// The word at `address`, which lies in an object: of those that several threads of the heap read and write.
pub(crate) fn read_shared_word(arena: &Arena, address: usize) -> usize {
    shared_word(arena, address).load(Acquire)
}

/// Writes the word at `address`, for others to read by [`read_shared_word`].
pub(crate) fn write_shared_word(arena: &Arena, address: usize, word: usize) {
    shared_word(arena, address).store(word, Release);
}

fn shared_word(arena: &Arena, address: usize) -> &AtomicUsize {
    debug_assert!(address.is_multiple_of(WORD_SIZE_BYTES));
    // SAFETY: the caller found `address` in an object that is kept alive, so it is committed; no compiled code writes there.
    unsafe { &*arena.word_pointer(address).cast::<AtomicUsize>() }
}

/// Writes zeroes over `size_bytes` at `address`, which belong to the caller: a slot not yet handed out, of 16 bytes at least.
#[inline]
pub(crate) fn zero(arena: &Arena, address: usize, size_bytes: usize) {
    // SAFETY: the slot lies in a span, is committed, and nobody else has it (I1).
    unsafe { zero_slot(arena.pointer(address), size_bytes) };
}

/// Writes zeroes over what of the `size_bytes` at `address` comes after the first `written_bytes`; as [`zero`].
#[inline]
pub(crate) fn zero_beyond(arena: &Arena, address: usize, written_bytes: usize, size_bytes: usize) {
    if written_bytes == 0 {
        zero(arena, address, size_bytes);
    } else if written_bytes < size_bytes {
        let start = arena.pointer(address + written_bytes);
        // SAFETY: as in `zero`.
        unsafe { start.write_bytes(0, size_bytes - written_bytes) };
    }
}

/// Writes zeroes over the first `size_bytes` of a slot.
///
/// # Safety
/// The slot at `start` is the caller's, and has as many bytes; 16 at least.
#[inline]
pub(crate) unsafe fn zero_slot(start: *mut u8, size_bytes: usize) {
    // SAFETY: the caller's.
    unsafe {
        match size_bytes {
            0..=32 => zero_ends::<16>(start, size_bytes),
            33..=64 => zero_ends::<32>(start, size_bytes),
            65..=128 => zero_ends::<64>(start, size_bytes),
            _ => start.write_bytes(0, size_bytes),
        }
    }
}

/// Writes zeroes over the first and the last `WIDTH` bytes, which meet: for what is small, the call of a function that decides
/// would take longer.
///
/// # Safety
/// `size_bytes`, and `WIDTH` bytes at least, can be written at `start`.
#[inline]
unsafe fn zero_ends<const WIDTH: usize>(start: *mut u8, size_bytes: usize) {
    // SAFETY: the caller's.
    unsafe {
        start.write_bytes(0, WIDTH);
        start
            .add(size_bytes.max(WIDTH) - WIDTH)
            .write_bytes(0, WIDTH);
    }
}

/// Writes `word` all over `size_bytes` at `address`, which belong to the caller: a slot found dead.
pub(crate) fn fill_words(arena: &Arena, address: usize, size_bytes: usize, word: usize) {
    for offset in (0..size_bytes / WORD_SIZE_BYTES * WORD_SIZE_BYTES).step_by(WORD_SIZE_BYTES) {
        // SAFETY: within a dead slot of a span, which is committed and which only its sweeper touches.
        unsafe { arena.word_pointer(address + offset).write(word) }
    }
}

/// Asks the processor to load the line of `address` ahead of its use.
#[inline]
pub(crate) fn prefetch(address: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch reads nothing the program can see and cannot fault, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::without_provenance(address));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
