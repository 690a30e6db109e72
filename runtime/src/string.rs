//! Strings: UTF-8 as Go reads it, and the conversions between strings, bytes and runes.
//!
//! Spec: "Conversions to and from a string type", "For statements" (ranging over a string). A byte
//! that begins no valid encoding counts as U+FFFD of width 1.

#![expect(
    clippy::cast_ptr_alignment,
    reason = "values lie aligned where their types say"
)]

use std::cmp::Ordering;

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

/// The character of a rune; invalid ones become U+FFFD.
fn character(rune: i64) -> char {
    u32::try_from(rune)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Appends the encoding of a rune; invalid ones become U+FFFD.
pub fn encode_rune(rune: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(character(rune).encode_utf8(&mut [0; 4]).as_bytes());
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

/// The bytes of a string.
///
/// # Safety
/// `length` bytes at `start` are readable while the result is used, unless there are none.
pub(crate) unsafe fn bytes<'a>(start: *const u8, length: u64) -> &'a [u8] {
    if length == 0 {
        return &[];
    }
    // SAFETY: the caller's.
    unsafe { std::slice::from_raw_parts(start, length as usize) }
}

/// The order of two strings, by bytes. Most differ in their first word, which is looked at in line.
#[inline]
fn compare(left: &[u8], right: &[u8]) -> Ordering {
    if let (Some(left), Some(right)) = (left.first_chunk(), right.first_chunk()) {
        let (left, right) = (u64::from_be_bytes(*left), u64::from_be_bytes(*right));
        if left != right {
            return left.cmp(&right);
        }
    }
    left.cmp(right)
}

/// What compiled code calls.
pub(crate) mod entries {
    use std::cmp::Ordering;

    use super::{bytes, character, decode_rune as decode, encode_rune, runes};
    use crate::abi::{BUFFER_BYTES, BUFFER_RUNES};
    use crate::entry::{Pair, Word};
    use crate::goroutine::Goroutine;
    use crate::{alloc, fatal, go_size, memory, safepoint};
    use gc::layout::zero_size_address;

    /// A string with these bytes: in the buffer, if there is one and they fit. At a safepoint: may collect first, so the bytes
    /// must be none that only this call knows of.
    #[inline]
    fn new_string(g: &mut Goroutine, bytes: &[u8], buffer: *mut u8) -> Pair {
        if let [byte] = bytes {
            return Pair(address_of_byte(*byte), 1);
        }
        if bytes.is_empty() {
            return Pair(0, 0);
        }
        let target = room_for_text(g, bytes.len() as u64, buffer);
        // SAFETY: room for that many; it is none of the memory that is read.
        unsafe { memory::copy(target, bytes.as_ptr(), bytes.len()) };
        Pair(target.expose_provenance() as u64, bytes.len() as u64)
    }

    /// Room for a text: the buffer, if there is one and it fits, else of the heap. At a safepoint: may collect first.
    #[inline]
    fn room_for_text(g: &mut Goroutine, size_bytes: u64, buffer: *mut u8) -> *mut u8 {
        if !buffer.is_null() && size_bytes <= BUFFER_BYTES {
            return buffer;
        }
        alloc::collect_or_new_unwritten_bytes(g, size_bytes as usize)
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
        let mut room = [0; 4];
        let text = character(rune).encode_utf8(&mut room).as_bytes();
        new_string(g, text, buffer)
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
        let (target, capacity) = if !buffer.is_null() && length <= BUFFER_BYTES {
            (buffer, BUFFER_BYTES)
        } else {
            let capacity = go_size::round_up(length, false);
            let target = alloc::collect_or_new_unwritten_bytes(g, capacity as usize);
            (target, capacity)
        };
        // SAFETY: the caller's; the target is fresh and as large as its capacity.
        unsafe {
            memory::copy(target, start, length as usize);
            memory::clear(target.add(length as usize), (capacity - length) as usize);
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

    /// The concatenation of two strings.
    ///
    /// # Safety
    /// Called by its trampoline, with two strings.
    pub(crate) unsafe extern "sysv64" fn string_concat_two(
        g: *mut Goroutine,
        left: *const u8,
        left_length: Word,
        right: *const u8,
        right_length: Word,
        buffer: *mut u8,
    ) -> Pair {
        // SAFETY: as above.
        let g = unsafe { &mut *g };
        if left_length == 0 || right_length == 0 {
            let (start, length) = if left_length == 0 {
                (right, right_length)
            } else {
                (left, left_length)
            };
            // SAFETY: the caller's.
            return unsafe { only_part(g, start, length, buffer) };
        }
        let Some(total) = left_length.checked_add(right_length) else {
            fatal::throw_user(g, TOO_LONG);
            return Pair(0, 0);
        };
        let target = room_for_text(g, total, buffer);
        // SAFETY: the parts are readable, and the caller's stack map keeps them alive; the lengths add up to the size of the
        // target, which is fresh or a buffer that no live string is in.
        unsafe {
            memory::copy(target, left, left_length as usize);
            let target = target.add(left_length as usize);
            memory::copy(target, right, right_length as usize);
        }
        Pair(target.expose_provenance() as u64, total)
    }

    const TOO_LONG: &str = "string concatenation too long";

    /// A concatenation of which all other parts are empty. It need not be copied: strings never change, but those in a frame's
    /// buffer go.
    ///
    /// # Safety
    /// `length` bytes at `start` are readable.
    unsafe fn only_part(
        g: &mut Goroutine,
        start: *const u8,
        length: Word,
        buffer: *mut u8,
    ) -> Pair {
        if length == 0 {
            return Pair(0, 0);
        }
        let address = start.expose_provenance() as u64;
        if !g.object_stack.contains(address) {
            return Pair(address, length);
        }
        // SAFETY: the caller's; who called this keeps the string alive.
        new_string(g, unsafe { bytes(start, length) }, buffer)
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
        // SAFETY: the words hold that many pairs.
        let parts = unsafe {
            std::slice::from_raw_parts(g.block.arguments.cast::<[Word; 2]>(), count as usize)
        };
        let (mut total, mut filled, mut last) = (0_u64, 0, [0; 2]);
        for &[start, length] in parts {
            let Some(sum) = total.checked_add(length) else {
                fatal::throw_user(g, TOO_LONG);
                return Pair(0, 0);
            };
            total = sum;
            if length > 0 {
                (filled, last) = (filled + 1, [start, length]);
            }
        }
        // The parts live through a collection, in which the words are roots.
        g.block.argument_count = 2 * count;
        let result = if filled <= 1 {
            let start = std::ptr::with_exposed_provenance(last[0] as usize);
            // SAFETY: the part is readable.
            unsafe { only_part(g, start, last[1], buffer) }
        } else {
            let target = room_for_text(g, total, buffer);
            let mut end = target;
            for &[start, length] in parts {
                let source: *const u8 = std::ptr::with_exposed_provenance(start as usize);
                // SAFETY: as for two.
                unsafe {
                    memory::copy(end, source, length as usize);
                    end = end.add(length as usize);
                };
            }
            Pair(target.expose_provenance() as u64, total)
        };
        g.block.argument_count = 0;
        result
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
        match super::compare(unsafe { bytes(left, left_length) }, unsafe {
            bytes(right, right_length)
        }) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, decode_rune, encode_rune, runes};

    #[test]
    fn order_is_that_of_bytes() {
        let texts: [&[u8]; 9] = [
            b"",
            b"\0",
            b"abcdefg",
            b"abcdefgh",
            b"abcdefgh\0",
            b"abcdefghi",
            b"abcdefg\xff",
            b"b",
            b"\xffbcdefghijk",
        ];
        for (index, left) in texts.iter().enumerate() {
            for (other, right) in texts.iter().enumerate() {
                assert_eq!(compare(left, right), index.cmp(&other));
            }
        }
    }

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
