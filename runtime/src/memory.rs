//! Moving, clearing and comparing memory, where compiled code does not do it inline.
//!
//! Most of what programs move is short: a word of a text, a slice that grew to eight. The C library's functions take longer to
//! find out how than to do it, so up to [`SHORT_BYTES`] is done here, by two accesses of one width, which may overlap, or four.

/// Up to here memory is moved and cleared in line.
pub const SHORT_BYTES: usize = 64;

/// Copies `size_bytes`, which may be 0, between ranges that may overlap.
///
/// # Safety
/// The source can be read, the target written.
#[inline]
pub unsafe fn copy(target: *mut u8, source: *const u8, size_bytes: usize) {
    // SAFETY: the caller's; each width is at most the size, and twice (four times) the width at least. All is read before
    // anything is written.
    unsafe {
        match size_bytes {
            0 => {}
            1 => *target = *source,
            2..=3 => copy_ends::<2>(target, source, size_bytes),
            4..=7 => copy_ends::<4>(target, source, size_bytes),
            8..=16 => copy_ends::<8>(target, source, size_bytes),
            17..=32 => copy_ends::<16>(target, source, size_bytes),
            33..=SHORT_BYTES => copy_ends::<32>(target, source, size_bytes),
            _ => target.copy_from(source, size_bytes),
        }
    }
}

/// Copies the first and the last `WIDTH` bytes, which meet.
///
/// # Safety
/// As [`copy`]; `size_bytes` is one or two times `WIDTH` or between.
#[inline]
unsafe fn copy_ends<const WIDTH: usize>(target: *mut u8, source: *const u8, size_bytes: usize) {
    let last = size_bytes - WIDTH;
    // SAFETY: the caller's; an array of bytes has no alignment.
    unsafe {
        let head: [u8; WIDTH] = source.cast::<[u8; WIDTH]>().read();
        let tail: [u8; WIDTH] = source.add(last).cast::<[u8; WIDTH]>().read();
        target.cast::<[u8; WIDTH]>().write(head);
        target.add(last).cast::<[u8; WIDTH]>().write(tail);
    }
}

/// Writes zeroes over `size_bytes`, which may be 0.
///
/// # Safety
/// The range can be written.
#[inline]
pub unsafe fn clear(target: *mut u8, size_bytes: usize) {
    // SAFETY: the caller's; widths as in `copy`.
    unsafe {
        match size_bytes {
            0 => {}
            1 => *target = 0,
            2..=3 => clear_ends::<2>(target, size_bytes),
            4..=7 => clear_ends::<4>(target, size_bytes),
            8..=16 => clear_ends::<8>(target, size_bytes),
            17..=32 => clear_ends::<16>(target, size_bytes),
            33..=SHORT_BYTES => clear_ends::<32>(target, size_bytes),
            _ => target.write_bytes(0, size_bytes),
        }
    }
}

/// Clears the first and the last `WIDTH` bytes, which meet.
///
/// # Safety
/// As [`clear`]; `size_bytes` is one or two times `WIDTH` or between.
#[inline]
unsafe fn clear_ends<const WIDTH: usize>(target: *mut u8, size_bytes: usize) {
    // SAFETY: the caller's.
    unsafe {
        target.write_bytes(0, WIDTH);
        target.add(size_bytes - WIDTH).write_bytes(0, WIDTH);
    }
}

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
        // SAFETY: the caller vouches for both ranges.
        unsafe { super::copy(target, source, size_bytes as usize) };
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
        // SAFETY: the caller vouches for the range.
        unsafe { super::clear(target, size_bytes as usize) };
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

#[cfg(test)]
mod tests {
    use super::{SHORT_BYTES, clear, copy};

    #[test]
    fn every_short_size_is_moved_and_cleared_exactly() {
        for size in 0..=SHORT_BYTES + 8 {
            let source: Vec<u8> = (1..=size as u8).collect();
            let mut target = vec![0xEE; size + 2];
            // SAFETY: the source has `size` bytes, the target one more at each end.
            unsafe { copy(target.as_mut_ptr().add(1), source.as_ptr(), size) };
            assert_eq!(target[1..=size], source);
            assert_eq!((target[0], target[size + 1]), (0xEE, 0xEE));
            // SAFETY: as above.
            unsafe { clear(target.as_mut_ptr().add(1), size) };
            assert!(target[1..=size].iter().all(|&byte| byte == 0));
            assert_eq!((target[0], target[size + 1]), (0xEE, 0xEE));
        }
    }

    #[test]
    fn ranges_that_overlap_are_moved_as_if_apart() {
        for size in 0..=SHORT_BYTES + 8 {
            for (from, to) in [(0, 1), (1, 0), (0, 5), (5, 0), (0, 40), (40, 0)] {
                let mut bytes: Vec<u8> = (0..size as u8 + 40).collect();
                let expected = bytes[from..from + size].to_vec();
                let start = bytes.as_mut_ptr();
                // SAFETY: both ranges are in the vector.
                unsafe { copy(start.add(to), start.add(from), size) };
                assert_eq!(bytes[to..to + size], expected, "{size} from {from} to {to}");
            }
        }
    }
}
