//! Strings: UTF-8 as Go reads it, and the conversions between strings, bytes and runes.
//!
//! Spec: "Conversions to and from a string type", "For statements" (ranging over a string). A byte
//! that begins no valid encoding counts as U+FFFD of width 1.

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
    let character = u32::try_from(rune).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
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

#[cfg(test)]
mod tests {
    use super::{decode_rune, encode_rune, runes};

    #[test]
    fn valid_encodings_decode() {
        for character in ['a', '\u{7F}', '\u{80}', 'é', '世', '\u{FFFF}', '\u{10000}', '\u{10FFFF}'] {
            let mut bytes = Vec::new();
            encode_rune(i64::from(u32::from(character)), &mut bytes);
            assert_eq!(decode_rune(&bytes), (character as u32, bytes.len()));
        }
    }

    #[test]
    fn invalid_encodings_are_one_byte_wide() {
        // Overlong, surrogate, above the last, cut short, a lone continuation.
        for bytes in [&[0xC0, 0x80][..], &[0xED, 0xA0, 0x80], &[0xF4, 0x90, 0x80, 0x80], &[0xE4, 0xB8], &[0x80]] {
            assert_eq!(decode_rune(bytes), (0xFFFD, 1), "{bytes:x?}");
        }
        assert_eq!(runes(b"a\xffb"), [97, 0xFFFD, 98]);
    }
}
