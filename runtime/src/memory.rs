//! Moving, clearing and comparing memory, where compiled code does not do it inline.

/// What compiled code calls.
pub(crate) mod entries {
    use crate::entry::Word;
    use crate::goroutine::Goroutine;

    /// Copies, overlapping or not.
    ///
    /// # Safety
    /// Called by its trampoline, with ranges that exist.
    pub(crate) unsafe extern "sysv64" fn memory_move(
        _g: *mut Goroutine,
        target: *mut u8,
        source: *const u8,
        size_bytes: Word,
    ) {
        if size_bytes > 0 {
            // SAFETY: the caller vouches for both ranges.
            unsafe { target.copy_from(source, size_bytes as usize) };
        }
    }

    /// Writes zeroes.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn memory_clear(
        _g: *mut Goroutine,
        target: *mut u8,
        size_bytes: Word,
    ) {
        if size_bytes > 0 {
            // SAFETY: the caller vouches for the range.
            unsafe { target.write_bytes(0, size_bytes as usize) };
        }
    }

    /// Whether two ranges hold the same bytes.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn memory_equal(
        _g: *mut Goroutine,
        left: *const u8,
        right: *const u8,
        size_bytes: Word,
    ) -> Word {
        if size_bytes == 0 || left == right {
            return 1;
        }
        let length = size_bytes as usize;
        // SAFETY: the caller vouches for both ranges.
        let (left, right) = unsafe {
            (
                std::slice::from_raw_parts(left, length),
                std::slice::from_raw_parts(right, length),
            )
        };
        Word::from(left == right)
    }
}
