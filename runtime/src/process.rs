//! Settings of the whole process, made once before anything else, and its memory.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator; but when memory is out, the process ends as a Go program does, not by a signal.
#[derive(Debug)]
pub struct Allocator;

// SAFETY: everything is the system's allocator's, but for the end of the process.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        expect_memory(unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        unsafe { System.dealloc(pointer, layout) };
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        expect_memory(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller's.
        expect_memory(unsafe { System.realloc(pointer, layout, new_size) })
    }
}

#[inline]
fn expect_memory(pointer: *mut u8) -> *mut u8 {
    if pointer.is_null() {
        crate::fatal::write_error("fatal error: runtime: cannot allocate memory\n");
        crate::exit_now(crate::fatal::FATAL_STATUS);
    }
    pointer
}

/// Makes the system's allocator ask the kernel for memory rarely and in large pieces.
///
/// As it comes, glibc gives each thread but the first a heap of its own that grows page by page, each
/// with a system call; a compilation would make hundreds of them. On other systems this does nothing.
pub fn tune_allocator() {
    #[cfg(target_env = "gnu")]
    {
        const GROWTH_BYTES: i32 = 4 << 20;
        const LARGE_BYTES: i32 = 32 << 20;
        let settings = [
            (libc::M_ARENA_MAX, 1),
            (libc::M_TOP_PAD, GROWTH_BYTES),
            (libc::M_TRIM_THRESHOLD, LARGE_BYTES),
            (libc::M_MMAP_THRESHOLD, LARGE_BYTES),
        ];
        for (parameter, value) in settings {
            // SAFETY: sets a number; a value that is not taken changes nothing.
            unsafe { libc::mallopt(parameter, value) };
        }
    }
}
