//! How an uncaught panic is printed, in Go's words (`printpanics` and `printpanicval`).

use crate::abi::{Kind, RuntimeType};
use crate::instance::Instance;
use crate::panic::{Any, PanicRecord, Text};
use crate::print::PrintBuffer;

/// The code of `runtime.panicText`, if the value may have a method that says how it prints.
pub fn asks_method(instance: &Instance, value: Any) -> Option<u64> {
    // SAFETY: a type word is 0 or the address of a type of the image.
    let ty: &RuntimeType = unsafe { value_type(value) }?;
    let has_method = ty
        .methods
        .iter()
        .any(|method| method.name == "Error" || method.name == "String");
    let code = instance
        .image
        .known_functions
        .iter()
        .find(|(name, _)| *name == "runtime.panicText")
        .map(|&(_, code)| code as u64);
    code.filter(|_| has_method)
}

/// The text of all `panics`, oldest first, a line each.
pub fn describe(panics: &[PanicRecord]) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, panic) in panics.iter().enumerate() {
        if let Some(previous) = index.checked_sub(1).map(|index| &panics[index]) {
            if previous.is_repanicked {
                continue;
            }
            if !previous.is_goexit {
                out.push(b'\t');
            }
        }
        if panic.is_goexit {
            continue;
        }
        out.extend_from_slice(b"panic: ");
        match &panic.text {
            Text::Known(text) => push_indented(&mut out, text),
            _ => push_value(&mut out, panic.value),
        }
        if panic.is_recovered && panic.is_repanicked {
            out.extend_from_slice(b" [recovered, repanicked]");
        } else if panic.is_recovered {
            out.extend_from_slice(b" [recovered]");
        }
        out.push(b'\n');
    }
    out
}

/// The fatal error for a panic in a method that was to say how a panic prints.
pub fn panic_while_printing(value: Any) -> String {
    // SAFETY: as in `asks_method`.
    let ty = unsafe { value_type(value) };
    match ty {
        Some(ty) if ty.kind == Kind::String && ty.name == "string" => {
            let mut text = Vec::new();
            push_value(&mut text, value);
            format!(
                "panic while printing panic value: {}",
                String::from_utf8_lossy(&text)
            )
        }
        Some(ty) => format!("panic while printing panic value: type {}", ty.name),
        None => "panic while printing panic value".to_owned(),
    }
}

/// # Safety
/// `value` is an `any` of the running program.
unsafe fn value_type<'a>(value: Any) -> Option<&'a RuntimeType> {
    let ty: *const RuntimeType = std::ptr::with_exposed_provenance(value.ty as usize);
    // SAFETY: the caller vouches for it.
    unsafe { ty.as_ref() }
}

fn push_value(out: &mut Vec<u8>, value: Any) {
    // SAFETY: panic values are `any`s of the running program.
    let Some(ty) = (unsafe { value_type(value) }) else {
        out.extend_from_slice(b"nil");
        return;
    };
    let mut text = PrintBuffer::default();
    // SAFETY: the data word of a type that is not pointer-shaped points at a value of it.
    if !unsafe { print_basic(&mut text, ty.kind, value.data) } {
        out.extend_from_slice(format!("({}) {:#x}", ty.name, value.data).as_bytes());
        return;
    }
    let text = text.take();
    let is_predeclared = ty.package_path.is_empty() && !ty.name.contains('.');
    match (is_predeclared, ty.kind) {
        (true, _) => push_indented(out, &text),
        (false, Kind::String) => {
            out.extend_from_slice(ty.name.as_bytes());
            out.extend_from_slice(b"(\"");
            push_indented(out, &text);
            out.extend_from_slice(b"\")");
        }
        (false, Kind::Complex64 | Kind::Complex128) => {
            out.extend_from_slice(ty.name.as_bytes());
            out.extend_from_slice(&text);
        }
        (false, _) => {
            out.extend_from_slice(ty.name.as_bytes());
            out.push(b'(');
            out.extend_from_slice(&text);
            out.push(b')');
        }
    }
}

/// Prints the value of a basic kind; false for any other kind.
///
/// # Safety
/// `data` is the data word of an interface that holds a value of `kind`.
unsafe fn print_basic(text: &mut PrintBuffer, kind: Kind, data: u64) -> bool {
    macro_rules! read {
        ($ty:ty) => {
            // SAFETY: values that are not pointer-shaped are boxed, and the box holds a value of the kind.
            unsafe { *std::ptr::with_exposed_provenance::<$ty>(data as usize) }
        };
    }
    match kind {
        Kind::Bool => text.bool(read!(u8) != 0),
        Kind::Int | Kind::Int64 => text.int(read!(i64)),
        Kind::Int8 => text.int(i64::from(read!(i8))),
        Kind::Int16 => text.int(i64::from(read!(i16))),
        Kind::Int32 => text.int(i64::from(read!(i32))),
        Kind::Uint | Kind::Uint64 | Kind::Uintptr => text.uint(read!(u64)),
        Kind::Uint8 => text.uint(u64::from(read!(u8))),
        Kind::Uint16 => text.uint(u64::from(read!(u16))),
        Kind::Uint32 => text.uint(u64::from(read!(u32))),
        Kind::Float32 => text.float32(read!(f32)),
        Kind::Float64 => text.float(read!(f64)),
        Kind::String => {
            let [start, length] = read!([u64; 2]);
            if length > 0 {
                let start: *const u8 = std::ptr::with_exposed_provenance(start as usize);
                // SAFETY: the box holds a string.
                text.bytes(unsafe { std::slice::from_raw_parts(start, length as usize) });
            }
        }
        _ => return false,
    }
    true
}

/// Appends `text`, with a tab after each line feed.
fn push_indented(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        out.push(byte);
        if byte == b'\n' {
            out.push(b'\t');
        }
    }
}
