//! What `print` and `println` write, to standard error and in Go's forms: whole numbers in decimal,
//! floats in their shortest form, pointers in hexadecimal.

use std::io::Write as _;

/// Collects the text of one `print` or `println`, so that it is written at once.
#[derive(Debug, Default)]
pub struct PrintBuffer {
    text: Vec<u8>,
}

impl PrintBuffer {
    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.text
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// A signed integer.
    pub fn int(&mut self, value: i64) {
        let _ = write!(self.text, "{value}");
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        let _ = write!(self.text, "{value}");
    }

    /// A float.
    pub fn float(&mut self, value: f64) {
        self.text.extend_from_slice(shortest(value).as_bytes());
    }

    /// A `float32`, whose shortest form has fewer digits.
    pub fn float32(&mut self, value: f32) {
        self.text.extend_from_slice(shortest32(value).as_bytes());
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }

    /// An address.
    pub fn pointer(&mut self, address: u64) {
        let _ = write!(self.text, "{address:#x}");
    }

    /// `[length/capacity]address`
    pub fn slice(&mut self, address: u64, len: u64, cap: u64) {
        let _ = write!(self.text, "[{len}/{cap}]{address:#x}");
    }

    /// `(type,data)`
    pub fn interface(&mut self, ty: u64, data: u64) {
        let _ = write!(self.text, "({ty:#x},{data:#x})");
    }

    /// Takes what was collected.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text)
    }
}

/// The shortest decimal that reads back as `value`: plain for exponents from -4 to 5, as
/// `%g` has it, scientific with at least two digits of exponent otherwise.
pub fn shortest(value: f64) -> String {
    if !value.is_finite() {
        return special(value);
    }
    arrange(&format!("{value:e}"))
}

/// As [`shortest`], for a `float32`.
pub fn shortest32(value: f32) -> String {
    if !value.is_finite() {
        return special(f64::from(value));
    }
    arrange(&format!("{value:e}"))
}

fn special(value: f64) -> String {
    let text = match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (false, true) => "+Inf",
        (false, false) => "-Inf",
    };
    text.to_owned()
}

/// Turns Rust's shortest scientific form into Go's `%g`: scientific for exponents below -4 and from 6 on.
fn arrange(scientific: &str) -> String {
    let (mantissa, exponent) = scientific
        .split_once('e')
        .expect("scientific form has an exponent");
    let exponent: i32 = exponent.parse().expect("exponent is a number");
    let (sign, mantissa) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa
        .chars()
        .filter(|character| *character != '.')
        .collect();
    // `%g` in shortest form decides as if six digits had been asked for.
    if !(-4..6).contains(&exponent) {
        let (head, tail) = digits.split_at(1);
        let point = if tail.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{sign}{head}{point}{tail}e{exponent_sign}{:02}",
            exponent.abs()
        );
    }
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        format!("{sign}{digits}{}", "0".repeat(whole - digits.len()))
    } else {
        format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
    }
}

/// What compiled code calls: each adds to the text of the `print` in progress, which no safepoint interrupts.
pub(crate) mod entries {
    use super::PrintBuffer;
    use crate::entry::Word;
    use crate::fatal;
    use crate::goroutine::Goroutine;
    use crate::scheduler::processor_of;

    /// Lets `write` add to the text.
    ///
    /// # Safety
    /// `g` is the running goroutine.
    unsafe fn with_buffer(g: *mut Goroutine, write: impl FnOnce(&mut PrintBuffer)) {
        // SAFETY: the caller's.
        write(&mut processor_of(unsafe { &*g }).print);
    }

    macro_rules! define_entries {
        ($($name:ident($($argument:ident),*): |$buffer:ident| $write:expr;)*) => {
            $(
                /// # Safety
                /// Called by its trampoline.
                pub(crate) unsafe extern "sysv64" fn $name(g: *mut Goroutine $(, $argument: Word)*) {
                    // SAFETY: the trampoline passes the running goroutine.
                    unsafe { with_buffer(g, |$buffer| $write) };
                }
            )*
        };
    }

    define_entries! {
        print_bool(value): |buffer| buffer.bool(value & 0xFF != 0);
        print_int(value): |buffer| buffer.int(value as i64);
        print_uint(value): |buffer| buffer.uint(value);
        print_float(bits): |buffer| buffer.float(f64::from_bits(bits));
        print_float32(bits): |buffer| buffer.float32(f32::from_bits(bits as u32));
        print_pointer(address): |buffer| buffer.pointer(address);
        print_slice(address, length, capacity): |buffer| buffer.slice(address, length, capacity);
        print_interface(ty, data): |buffer| buffer.interface(ty, data);
    }

    /// # Safety
    /// Called by its trampoline, with a string.
    pub(crate) unsafe extern "sysv64" fn print_string(
        g: *mut Goroutine,
        start: *const u8,
        length: Word,
    ) {
        if length > 0 {
            // SAFETY: a string's bytes are readable.
            let bytes = unsafe { std::slice::from_raw_parts(start, length as usize) };
            // SAFETY: the trampoline passes the running goroutine.
            unsafe { with_buffer(g, |buffer| buffer.bytes(bytes)) };
        }
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn print_flush(g: *mut Goroutine) {
        // SAFETY: the trampoline passes the running goroutine.
        unsafe { with_buffer(g, |buffer| fatal::write_error_bytes(&buffer.take())) };
    }
}

#[cfg(test)]
mod tests {
    use super::{shortest, shortest32};

    /// Expectations printed by Go 1.27.
    #[test]
    fn floats_print_as_in_go() {
        let cases = [
            (1.0, "1"),
            (100.0, "100"),
            (1e20, "1e+20"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (123_456.0, "123456"),
            (123_456_789.0, "1.23456789e+08"),
            (1.5e300, "1.5e+300"),
            (-0.0, "-0"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Inf"),
        ];
        for (value, text) in cases {
            assert_eq!(shortest(value), text);
        }
        assert_eq!(shortest32(0.1), "0.1");
        assert_eq!(shortest32(16_777_216.0), "1.6777216e+07");
    }
}
