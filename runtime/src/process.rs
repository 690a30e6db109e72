//! Settings of the whole process, made once before anything else, and its memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::any::Any;
use std::cell::RefCell;
use std::ffi::CStr;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

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
        end_without_memory();
    }
    pointer
}

/// Ends the process. Several threads may run out of memory at the same moment: one says so.
#[cold]
fn end_without_memory() -> ! {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if !IS_SAID.swap(true, Relaxed) {
        crate::fatal::write_error("fatal error: runtime: cannot allocate memory\n");
    }
    crate::exit_now(crate::fatal::FATAL_STATUS);
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

thread_local! {
    /// What the compiler made on this thread, as long as taking it apart is not worth the time. A program that stays small never
    /// pays for that.
    static COMPILED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Keeps what nobody needs any more until this thread, which is going to be the first worker, finds that memory is wanted.
pub fn drop_later(compiled: Box<dyn Any>) {
    COMPILED.set(Some(compiled));
}

/// Gives back to the system what only the compiler needed: its data, memory the allocator keeps, and the program's own file.
pub fn release_unused() {
    drop(COMPILED.take());
    #[cfg(target_env = "gnu")]
    // SAFETY: gives free memory back.
    unsafe {
        libc::malloc_trim(0);
    }
    release_program_file();
}

/// Gives back the pages of the program and its libraries that are as in their files. What is needed again is mapped from there, at
/// the price of a minor fault for a few of them at a time: a quarter of a millisecond for a whole compiler.
pub fn release_program_file() {
    // SAFETY: the callback is one, and does not unwind.
    unsafe { libc::dl_iterate_phdr(Some(release_segments), std::ptr::null_mut()) };
}

/// Gives back the segments of one object; but not of that which the kernel itself provides.
///
/// # Safety
/// Called by `dl_iterate_phdr`.
unsafe extern "C" fn release_segments(
    object: *mut libc::dl_phdr_info,
    _size_bytes: usize,
    _data: *mut libc::c_void,
) -> i32 {
    // SAFETY: the caller's.
    let object = unsafe { &*object };
    // SAFETY: the loader's string, which lives as long as the object.
    let name = unsafe { CStr::from_ptr(object.dlpi_name) };
    if name.to_bytes().starts_with(b"linux-vdso") {
        return 0;
    }
    // SAFETY: the loader vouches for the number of headers.
    let headers =
        unsafe { std::slice::from_raw_parts(object.dlpi_phdr, usize::from(object.dlpi_phnum)) };
    let is_as_in_the_file = |header: &&libc::Elf64_Phdr| {
        header.p_type == libc::PT_LOAD && header.p_flags & libc::PF_W == 0
    };
    for header in headers.iter().filter(is_as_in_the_file) {
        let start = (object.dlpi_addr + header.p_vaddr).next_multiple_of(SYSTEM_PAGE_BYTES);
        let end = (object.dlpi_addr + header.p_vaddr + header.p_filesz) & !(SYSTEM_PAGE_BYTES - 1);
        if start < end {
            let address = std::ptr::with_exposed_provenance_mut(start as usize);
            // SAFETY: whole pages of a mapping that only a debugger can have written to; its breakpoints there are lost.
            unsafe { libc::madvise(address, (end - start) as usize, libc::MADV_DONTNEED) };
        }
    }
    0
}

/// The unit of mappings on x86-64.
const SYSTEM_PAGE_BYTES: u64 = 4096;
