//! Executable memory: the only unsafe code of the crate.
//!
//! One arena of Cranelift's JIT holds everything that compiled code reaches with 32-bit offsets:
//!
//! ```text
//!   code | entries of runtime functions || data objects | package variables
//!   read, execute                       || read, write
//! ```
//!
//! It is writable while it is linked and never writable and executable at once.

use std::ptr::NonNull;

use cranelift_jit::{ArenaMemoryProvider, BranchProtection, JITMemoryKind, JITMemoryProvider};

use crate::CodegenError;

/// Bytes of a page, the unit of protection.
const PAGE_BYTES: usize = 4096;

/// Code and data of one program.
pub(crate) struct CodeMemory {
    arena: ArenaMemoryProvider,
    base: NonNull<u8>,
    size: usize,
}

// SAFETY: the memory is owned; its code is immutable, and its data is shared only by the program
// that runs, under the rules of the language.
unsafe impl Send for CodeMemory {}
// SAFETY: as above: nothing is written through a shared reference here.
unsafe impl Sync for CodeMemory {}

impl CodeMemory {
    /// Zeroed memory, writable: the first `code_bytes` (whole pages) are to become code.
    pub(crate) fn new(code_bytes: usize, data_bytes: usize) -> Result<Self, CodegenError> {
        debug_assert!(code_bytes.is_multiple_of(PAGE_BYTES));
        let data_bytes = data_bytes.next_multiple_of(PAGE_BYTES);
        let size = code_bytes + data_bytes;
        let mut arena = ArenaMemoryProvider::new_with_size(size)
            .map_err(|error| CodegenError::Memory(std::io::Error::other(error)))?;
        let align = PAGE_BYTES as u64;
        let code = arena
            .allocate(code_bytes, align, JITMemoryKind::Executable)
            .map_err(CodegenError::Memory)?;
        // The arena gives out its memory in order, so that data follows code.
        let data = arena
            .allocate(data_bytes, align, JITMemoryKind::Writable)
            .map_err(CodegenError::Memory)?;
        assert_eq!(
            code as usize + code_bytes,
            data as usize,
            "an arena is contiguous"
        );
        let base = NonNull::new(code).expect("an allocation is not null");
        Ok(CodeMemory { arena, base, size })
    }

    /// The address of its first byte.
    pub(crate) fn base(&self) -> u64 {
        self.base.as_ptr() as u64
    }

    /// Its bytes; before [`Self::protect`] only.
    pub(crate) fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: both allocations together are `size` bytes long, readable and writable until
        // `protect` takes `self`, and borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.size) }
    }

    /// Makes the code executable and no longer writable.
    pub(crate) fn protect(mut self) -> Result<FinishedCode, CodegenError> {
        self.arena
            .finalize(BranchProtection::None)
            .map_err(|error| CodegenError::Memory(std::io::Error::other(error)))?;
        Ok(FinishedCode(self))
    }

    /// Rounds up to where data may begin after code.
    pub(crate) fn page_end(size: usize) -> usize {
        size.next_multiple_of(PAGE_BYTES)
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: the arena is ours and nothing of the program is left when its image is dropped.
        unsafe { JITMemoryProvider::free_memory(&mut self.arena) };
    }
}

/// Memory that can be run. Keeps it alive; offers nothing else.
pub(crate) struct FinishedCode(#[expect(dead_code, reason = "owned for its Drop")] CodeMemory);
