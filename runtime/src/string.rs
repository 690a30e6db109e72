//! Strings: UTF-8 as Go reads it, and the conversions between strings, bytes and runes.
//!
//! Spec: "Conversions to and from a string type", "For statements" (ranging over a string). A byte
//! that begins no valid encoding counts as U+FFFD of width 1.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

/// What stands for invalid encodings.
pub const RUNE_ERROR: u32 = 0xFFFD;

/// The first character of `bytes`, which are not empty, and its width in bytes.
pub fn decode_rune(bytes: &[u8]) -> (u32, usize) {
    const INVALID: (u32, usize) = (RUNE_ERROR, 1);
    let first = bytes[0];
    if first < 0x80 {
        return (u32::from(first), 1);
    }
    // The width, the payload of the first byte, and the least value that needs this width.
    let (width, payload, least) = match first {
        0xC2..=0xDF => (2, u32::from(first & 0x1F), 0x80),
        0xE0..=0xEF => (3, u32::from(first & 0x0F), 0x800),
        0xF0..=0xF4 => (4, u32::from(first & 0x07), 0x1_0000),
        _ => return INVALID,
    };
    if bytes.len() < width {
        return INVALID;
    }
    let mut rune = payload;
    for byte in &bytes[1..width] {
        if byte & 0xC0 != 0x80 {
            return INVALID;
        }
        rune = rune << 6 | u32::from(byte & 0x3F);
    }
    let is_valid = rune >= least && char::from_u32(rune).is_some();
    if is_valid { (rune, width) } else { INVALID }
}

/// Appends the encoding of a rune; invalid ones become U+FFFD.
pub fn encode_rune(rune: i64, out: &mut Vec<u8>) {
    let character = u32::try_from(rune)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// All characters of a string.
pub fn runes(mut bytes: &[u8]) -> Vec<u32> {
    let mut runes = Vec::with_capacity(bytes.len());
    while !bytes.is_empty() {
        let (rune, width) = decode_rune(bytes);
        runes.push(rune);
        bytes = &bytes[width..];
    }
    runes
}

/// What compiled code calls.
pub(crate) mod entries {
    use std::cmp::Ordering;

    use super::{decode_rune as decode, encode_rune, runes};
    use crate::abi::{BUFFER_BYTES, BUFFER_RUNES};
    use crate::entry::{Pair, Word};
    use crate::goroutine::Goroutine;
    use crate::{alloc, fatal, go_size, safepoint};
    use gc::layout::zero_size_address;

    /// # Safety
    /// `length` bytes at `start` are readable, unless there are none.
    unsafe fn bytes<'a>(start: *const u8, length: Word) -> &'a [u8] {
        if length == 0 {
            return &[];
        }
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(start, length as usize) }
    }

    /// A string with these bytes: in the buffer, if there is one and they fit.
    fn new_string(g: &Goroutine, bytes: &[u8], buffer: *mut u8) -> Pair {
        if let [byte] = bytes {
            return Pair(address_of_byte(*byte), 1);
        }
        if !buffer.is_null() && bytes.len() as u64 <= BUFFER_BYTES {
            // SAFETY: a buffer has room for that many; it is none of the memory that is read.
            unsafe { buffer.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
            return Pair(buffer.expose_provenance() as u64, bytes.len() as u64);
        }
        let (start, length) = alloc::new_string(g, bytes);
        Pair(start, length)
    }

    /// Where a byte is for good: strings of one byte need no memory.
    fn address_of_byte(byte: u8) -> u64 {
        static BYTES: [u8; 256] = {
            let mut bytes = [0; 256];
            let mut index = 0;
            while index < 256 {
                bytes[index] = index as u8;
                index += 1;
            }
            bytes
        };
        (&raw const BYTES[usize::from(byte)]).expose_provenance() as u64
    }

    /// `string(rune)`.
    ///
    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn integer_to_string(
        g: *mut Goroutine,
        rune: i64,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        let mut text = Vec::with_capacity(4);
        encode_rune(rune, &mut text);
        new_string(g, &text, buffer)
    }

    /// `string([]byte)`.
    ///
    /// # Safety
    /// Called by its trampoline, with a slice.
    pub(crate) unsafe extern "sysv64" fn bytes_to_string(
        g: *mut Goroutine,
        start: *const u8,
        length: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        // SAFETY: the caller's; the caller's stack map keeps the slice alive.
        new_string(g, unsafe { bytes(start, length) }, buffer)
    }

    /// `string([]rune)`.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn runes_to_string(
        g: *mut Goroutine,
        start: *const i32,
        length: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        let mut text = Vec::with_capacity(length as usize);
        for index in 0..length as usize {
            // SAFETY: below the slice's length.
            encode_rune(i64::from(unsafe { *start.add(index) }), &mut text);
        }
        new_string(g, &text, buffer)
    }

    /// `[]byte(string)`: pointer and capacity, which is Go's.
    ///
    /// # Safety
    /// Called by its trampoline, with a string.
    pub(crate) unsafe extern "sysv64" fn string_to_bytes(
        g: *mut Goroutine,
        start: *const u8,
        length: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        // SAFETY: the caller's.
        let source = unsafe { bytes(start, length) };
        let (target, capacity) = if !buffer.is_null() && length <= BUFFER_BYTES {
            (buffer, BUFFER_BYTES)
        } else {
            let capacity = go_size::round_up(length, false);
            (alloc::new_unwritten_bytes(g, capacity as usize), capacity)
        };
        // SAFETY: the target is fresh and as large as its capacity.
        unsafe {
            target.copy_from_nonoverlapping(source.as_ptr(), source.len());
            target
                .add(source.len())
                .write_bytes(0, capacity as usize - source.len());
        }
        Pair(target.expose_provenance() as u64, capacity)
    }

    /// `[]rune(string)`: pointer, and length with what the capacity has more in the 16 bits at the top.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn string_to_runes(
        g: *mut Goroutine,
        start: *const u8,
        length: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        safepoint::poll(g);
        // SAFETY: the caller's.
        let runes = runes(unsafe { bytes(start, length) });
        let length = runes.len() as u64;
        let (target, capacity) = if !buffer.is_null() && length <= BUFFER_RUNES {
            // SAFETY: a buffer has room for that many.
            unsafe { buffer.write_bytes(0, 4 * BUFFER_RUNES as usize) };
            (buffer, BUFFER_RUNES)
        } else if runes.is_empty() {
            (zero_size_address(), 0)
        } else {
            let capacity = go_size::round_up(4 * length, false) / 4;
            (alloc::new_bytes(g, 4 * capacity as usize), capacity)
        };
        // SAFETY: the target is fresh and at least as large, and aligned to a word.
        unsafe {
            target
                .cast::<u32>()
                .copy_from_nonoverlapping(runes.as_ptr(), runes.len());
        };
        // Go rounds up by less than a page.
        let more = capacity - length;
        assert!(more < 1 << 16 && length < 1 << 48);
        Pair(target.expose_provenance() as u64, length | more << 48)
    }

    /// The character at a position of a string, which is below its length, and its width.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe extern "sysv64" fn decode_rune(
        _g: *mut Goroutine,
        start: *const u8,
        length: Word,
        index: Word,
    ) -> Pair {
        // SAFETY: the caller's.
        let (rune, width) = decode(&unsafe { bytes(start, length) }[index as usize..]);
        Pair(u64::from(rune), width as u64)
    }

    /// The concatenation of the `count` strings whose pointers and lengths are in the argument words.
    ///
    /// # Safety
    /// Called by its trampoline, with the words in place.
    pub(crate) unsafe extern "sysv64" fn string_concat(
        g: *mut Goroutine,
        count: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        g.block.argument_count = 2 * count;
        safepoint::poll(g);
        g.block.argument_count = 0;
        // SAFETY: the words hold that many pairs.
        let parts = unsafe {
            std::slice::from_raw_parts(g.block.arguments.cast::<[Word; 2]>(), count as usize)
        };
        let filled = || parts.iter().filter(|[_, length]| *length > 0);
        let Some(total) =
            filled().try_fold(0, |total: u64, [_, length]| total.checked_add(*length))
        else {
            fatal::throw_user(g, "string concatenation too long");
            return Pair(0, 0);
        };
        // One that is not empty need not be copied: strings never change, but those in a frame's buffer go.
        if let (Some(&[start, length]), None) = (filled().next(), filled().nth(1))
            && !g.object_stack.contains(start)
        {
            return Pair(start, length);
        }
        if total == 0 {
            return Pair(0, 0);
        }
        let target = if !buffer.is_null() && total <= BUFFER_BYTES {
            buffer
        } else {
            alloc::new_unwritten_bytes(g, total as usize)
        };
        let mut offset = 0;
        for &[start, length] in filled() {
            let source: *const u8 = std::ptr::with_exposed_provenance(start as usize);
            // SAFETY: the part is readable, and the lengths add up to the size of the target, which is fresh or a
            // buffer that no live string is in.
            unsafe {
                target
                    .add(offset)
                    .copy_from_nonoverlapping(source, length as usize);
            };
            offset += length as usize;
        }
        Pair(target.expose_provenance() as u64, total)
    }

    /// Three-way comparison by bytes: -1, 0 or 1.
    ///
    /// # Safety
    /// Called by its trampoline, with two strings.
    pub(crate) unsafe extern "sysv64" fn string_compare(
        _g: *mut Goroutine,
        left: *const u8,
        left_length: Word,
        right: *const u8,
        right_length: Word,
    ) -> i64 {
        // SAFETY: the caller's.
        let order = unsafe { bytes(left, left_length).cmp(bytes(right, right_length)) };
        match order {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{decode_rune, encode_rune, runes};

    #[test]
    fn valid_encodings_decode() {
        for character in [
            'a',
            '\u{7F}',
            '\u{80}',
            'é',
            '世',
            '\u{FFFF}',
            '\u{10000}',
            '\u{10FFFF}',
        ] {
            let mut bytes = Vec::new();
            encode_rune(i64::from(u32::from(character)), &mut bytes);
            assert_eq!(decode_rune(&bytes), (character as u32, bytes.len()));
        }
    }

    #[test]
    fn invalid_encodings_are_one_byte_wide() {
        // Overlong, surrogate, above the last, cut short, a lone continuation.
        for bytes in [
            &[0xC0, 0x80][..],
            &[0xED, 0xA0, 0x80],
            &[0xF4, 0x90, 0x80, 0x80],
            &[0xE4, 0xB8],
            &[0x80],
        ] {
            assert_eq!(decode_rune(bytes), (0xFFFD, 1), "{bytes:x?}");
        }
        assert_eq!(runes(b"a\xffb"), [97, 0xFFFD, 98]);
    }
}
