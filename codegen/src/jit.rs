//! Executable memory: the only unsafe code of the crate.
//!
//! One mapping holds everything that compiled code reaches with 32-bit offsets:
//!
//! ```text
//!   code | entries of runtime functions || data objects | package variables
//!   read, execute                       || read, write
//! ```
//!
//! It is writable while it is linked and never writable and executable at once.

use std::ptr::NonNull;

use crate::CodegenError;

/// Bytes of a page, the unit of protection.
const PAGE_BYTES: usize = 4096;

/// A mapping that holds code and data of one program.
#[derive(Debug)]
pub(crate) struct CodeMemory {
    base: NonNull<u8>,
    size: usize,
}

// SAFETY: the mapping is owned; its code is immutable, and its data is shared only by the program
// that runs, under the rules of the language.
unsafe impl Send for CodeMemory {}
// SAFETY: as above: nothing is written through a shared reference here.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    /// Maps zeroed memory, writable.
    pub(crate) fn map(size: usize) -> Result<Self, CodegenError> {
        let size = size.next_multiple_of(PAGE_BYTES);
        // SAFETY: a fresh anonymous mapping touches no other memory.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        match NonNull::new(address.cast::<u8>()) {
            Some(base) if address != libc::MAP_FAILED => Ok(CodeMemory { base, size }),
            _ => Err(CodegenError::Memory(std::io::Error::last_os_error())),
        }
    }

    /// The address of its first byte.
    pub(crate) fn base(&self) -> u64 {
        self.base.as_ptr() as u64
    }

    /// Its bytes; before [`Self::protect`] only.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the mapping is `size` bytes long, readable and writable until `protect` takes
        // `self`, and borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.size) }
    }

    /// Makes the first `code_bytes` executable and no longer writable.
    pub(crate) fn protect(self, code_bytes: usize) -> Result<FinishedCode, CodegenError> {
        let code_bytes = code_bytes.next_multiple_of(PAGE_BYTES).min(self.size);
        // SAFETY: the range is inside the mapping, and nobody holds a reference into it.
        let result = unsafe {
            libc::mprotect(
                self.base.as_ptr().cast(),
                code_bytes,
                libc::PROT_READ | libc::PROT_EXEC,
            )
        };
        if result != 0 {
            return Err(CodegenError::Memory(std::io::Error::last_os_error()));
        }
        Ok(FinishedCode(self))
    }

    /// Rounds up to where data may begin after code.
    pub(crate) fn page_end(size: usize) -> usize {
        size.next_multiple_of(PAGE_BYTES)
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and nothing of the program is left when its image is dropped.
        unsafe { libc::munmap(self.base.as_ptr().cast(), self.size) };
    }
}

/// A mapping that can be run. Keeps it alive; offers nothing else.
#[derive(Debug)]
pub(crate) struct FinishedCode(#[expect(dead_code, reason = "owned for its Drop")] CodeMemory);
