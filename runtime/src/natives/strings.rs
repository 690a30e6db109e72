//! Natives of `strings` and `bytes`: searching, and strings that share memory with byte slices.

use super::{NativeCall, Table};

pub(super) const NATIVES: Table = &[
    ("strings.indexByteNative", index_byte),
    ("strings.indexNative", index),
    ("strings.addressOf", address_of),
    ("strings.bytesToStringNoCopy", view),
    ("bytes.view", view),
];

fn index_byte(call: &mut NativeCall<'_>) {
    let (text, byte) = (call.string(), call.word() as u8);
    call.put_int(find_byte(text, byte));
}

fn index(call: &mut NativeCall<'_>) {
    let (text, wanted) = (call.string(), call.string());
    call.put_int(find(text, wanted));
}

/// Compiled code has the address already: this and others are for calls through function values.
fn address_of(call: &mut NativeCall<'_>) {
    let address = call.word();
    call.put(address);
}

fn view(call: &mut NativeCall<'_>) {
    let slice = call.slice();
    call.put_pointer(if slice.len == 0 {
        std::ptr::null()
    } else {
        slice.start
    });
    call.put(slice.len as u64);
}

fn find_byte(text: &[u8], byte: u8) -> i64 {
    // SAFETY: the range is readable.
    let found = unsafe { libc::memchr(text.as_ptr().cast(), i32::from(byte), text.len()) };
    offset_in(text, found)
}

/// Linear time: the C library searches with the two-way algorithm.
fn find(text: &[u8], wanted: &[u8]) -> i64 {
    match *wanted {
        [] => 0,
        [byte] => find_byte(text, byte),
        _ => {
            let (start, wanted_start) = (text.as_ptr().cast(), wanted.as_ptr().cast());
            // SAFETY: both ranges are readable.
            let found = unsafe { libc::memmem(start, text.len(), wanted_start, wanted.len()) };
            offset_in(text, found)
        }
    }
}

fn offset_in(text: &[u8], found: *const libc::c_void) -> i64 {
    if found.is_null() {
        -1
    } else {
        (found.addr() - text.as_ptr().addr()) as i64
    }
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::{find, find_byte};
    use crate::entry::Word;
    use crate::goroutine::Goroutine;
    use crate::string::bytes;

    /// The first place of a byte, or -1.
    ///
    /// # Safety
    /// Called by its trampoline, with a string.
    pub(crate) unsafe extern "sysv64" fn index_byte(
        _g: *mut Goroutine,
        start: *const u8,
        length: Word,
        byte: Word,
    ) -> i64 {
        // SAFETY: the caller's.
        find_byte(unsafe { bytes(start, length) }, byte as u8)
    }

    /// The first place of a text, or -1.
    ///
    /// # Safety
    /// Called by its trampoline, with two strings.
    pub(crate) unsafe extern "sysv64" fn index(
        _g: *mut Goroutine,
        start: *const u8,
        length: Word,
        wanted: *const u8,
        wanted_length: Word,
    ) -> i64 {
        // SAFETY: the caller's.
        unsafe { find(bytes(start, length), bytes(wanted, wanted_length)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{find, find_byte};

    #[test]
    fn searching_finds_the_first() {
        assert_eq!(find(b"chicken", b"ken"), 4);
        assert_eq!(find(b"chicken", b"c"), 0);
        assert_eq!(find(b"chicken", b"dmr"), -1);
        assert_eq!(find(b"", b""), 0);
        assert_eq!(find(b"", b"ab"), -1);
        assert_eq!(find(b"a\0bc", b"bc"), 2);
        assert_eq!(find_byte(b"a\0b", 0), 1);
        assert_eq!(find_byte(b"", 0), -1);
    }
}
