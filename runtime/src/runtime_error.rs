//! Run-time errors as Go values, and the entries of compiled code that panic with them.
//!
//! The types are the library's own, in `std/runtime/error.mg`; `NATIVES.md` states their layouts.

use crate::abi::{RuntimeType, SliceFault};
use crate::alloc;
use crate::goroutine::Goroutine;
use crate::image::Image;
use crate::panic::{self, Any};
use crate::scheduler::instance_of;

/// Types the runtime makes errors of. Null where the program does not have one.
#[derive(Debug, Clone, Copy)]
pub struct KnownTypes {
    bounds_error: *const RuntimeType,
    error_string: *const RuntimeType,
    plain_error: *const RuntimeType,
    type_assertion_error: *const RuntimeType,
    panic_nil_error: *const RuntimeType,
}

impl KnownTypes {
    /// Finds them in `image`.
    pub fn of(image: &Image) -> Self {
        let find = |name: &str| {
            image
                .known_types
                .iter()
                .find(|(known, _)| *known == name)
                .map_or(std::ptr::null(), |&(_, ty)| ty)
        };
        Self {
            bounds_error: find("runtime.boundsError"),
            error_string: find("runtime.errorString"),
            plain_error: find("runtime.plainError"),
            type_assertion_error: find("runtime.TypeAssertionError"),
            panic_nil_error: find("runtime.PanicNilError"),
        }
    }
}

/// The text of a run-time error, as its method `Error` gives it; `None` for a value of any other type.
///
/// # Safety
/// `value` is an `any` of the running program.
pub unsafe fn text(known: &KnownTypes, value: Any) -> Option<String> {
    let ty: *const RuntimeType = std::ptr::with_exposed_provenance(value.ty as usize);
    let is = |known: *const RuntimeType| !known.is_null() && ty == known;
    let points_to = |known: *const RuntimeType| {
        // SAFETY: null or a type of the image.
        unsafe { known.as_ref() }.is_some_and(|known| !ty.is_null() && known.pointer_to == ty)
    };
    let string = |index: usize| -> String {
        let words: *const [u64; 2] = std::ptr::with_exposed_provenance(value.data as usize);
        // SAFETY: the data word of each of these types points at so many strings.
        let [start, length] = unsafe { *words.add(index) };
        if length == 0 {
            return String::new();
        }
        let start: *const u8 = std::ptr::with_exposed_provenance(start as usize);
        // SAFETY: a string's words name readable bytes.
        let bytes = unsafe { std::slice::from_raw_parts(start, length as usize) };
        String::from_utf8_lossy(bytes).into_owned()
    };
    if is(known.bounds_error) || is(known.error_string) {
        return Some(format!("runtime error: {}", string(0)));
    }
    if is(known.plain_error) {
        return Some(string(0));
    }
    if points_to(known.panic_nil_error) {
        return Some("runtime error: panic called with nil argument".to_owned());
    }
    points_to(known.type_assertion_error)
        .then(|| conversion_text(&string(0), &string(1), &string(2), &string(3)))
}

/// The text of a failed type assertion; `concrete` is empty for a nil interface, `missing` if no method is.
fn conversion_text(interface: &str, concrete: &str, asserted: &str, missing: &str) -> String {
    let what = if concrete.is_empty() {
        format!("{interface} is nil, not {asserted}")
    } else if !missing.is_empty() {
        format!("{concrete} is not {asserted}: missing method {missing}")
    } else if concrete == asserted {
        format!("{interface} is {concrete}, not {asserted} (types from different scopes)")
    } else {
        format!("{interface} is {concrete}, not {asserted}")
    };
    format!("interface conversion: {what}")
}

/// A type the program has because it has run-time errors.
///
/// # Panics
/// When the code generator left it out.
fn known_type<'a>(ty: *const RuntimeType) -> &'a RuntimeType {
    // SAFETY: null or a type of the image, which outlives all its values.
    unsafe { ty.as_ref() }.expect("the program has the types of its run-time errors")
}

/// A value of a type that is one string. Does not collect.
fn string_value(g: &Goroutine, ty: *const RuntimeType, text: &str) -> Any {
    let (start, length) = alloc::new_string(g, text.as_bytes());
    let fields = alloc::new_words(g, known_type(ty), &[start, length]);
    Any {
        ty: ty.expose_provenance() as u64,
        data: fields,
    }
}

/// `runtime error: ` and `text`.
pub fn error_string(g: &Goroutine, text: &str) -> Any {
    string_value(g, instance_of(g).known.error_string, text)
}

/// An error whose text is `text`.
pub fn plain_error(g: &Goroutine, text: &str) -> Any {
    string_value(g, instance_of(g).known.plain_error, text)
}

/// An index or slice bound out of range; the text is without `runtime error: `.
pub fn bounds_error(g: &Goroutine, text: &str) -> Any {
    string_value(g, instance_of(g).known.bounds_error, text)
}

/// A nil pointer was dereferenced.
pub fn nil_dereference(g: &Goroutine) -> Any {
    error_string(g, "invalid memory address or nil pointer dereference")
}

/// What `panic(nil)` panics with.
pub fn panic_nil(g: &Goroutine) -> Any {
    pointer_value(g, instance_of(g).known.panic_nil_error, &[])
}

/// A pointer to a struct of words.
fn pointer_value(g: &Goroutine, ty: *const RuntimeType, words: &[u64]) -> Any {
    // The library takes the address of these, so the pointer type exists.
    let ty = known_type(ty);
    Any {
        data: alloc::new_words(g, ty, words),
        ty: ty.pointer_to.expose_provenance() as u64,
    }
}

/// Describes a failed `x.(T)`: x of interface type `interface` holds a `concrete` (null for nil).
///
/// # Safety
/// The types are of the running image.
unsafe fn type_assertion_error(
    g: &Goroutine,
    interface: *const RuntimeType,
    asserted: *const RuntimeType,
    concrete: *const RuntimeType,
) -> Any {
    // SAFETY: the caller vouches for all three.
    let (interface, asserted, concrete) = unsafe { (&*interface, &*asserted, concrete.as_ref()) };
    let missing = concrete
        .filter(|_| asserted.kind == crate::abi::Kind::Interface)
        .and_then(|concrete| {
            asserted.methods.iter().find(|wanted| {
                !concrete.methods.iter().any(|method| {
                    method.name == wanted.name
                        && method.package_path == wanted.package_path
                        && method.signature == wanted.signature
                })
            })
        });
    // Asserting that nil has methods, Go does not name the static type.
    let is_nil_without_type = concrete.is_none() && asserted.kind == crate::abi::Kind::Interface;
    let texts = [
        if is_nil_without_type {
            "interface"
        } else {
            interface.name.as_str()
        },
        concrete.map_or("", |ty| ty.name.as_str()),
        asserted.name.as_str(),
        missing.map_or("", |method| method.name.as_str()),
    ];
    let mut words = [0; 8];
    for (index, text) in texts.iter().enumerate() {
        let (start, length) = alloc::new_string(g, text.as_bytes());
        words[2 * index] = start;
        words[2 * index + 1] = length;
    }
    pointer_value(g, instance_of(g).known.type_assertion_error, &words)
}

/// The text of a slice expression out of range; negative operands are told alone.
fn slice_text(fault: u64, index: i64, limit: i64) -> String {
    const FAULTS: [SliceFault; 7] = [
        SliceFault::HighLength,
        SliceFault::HighCapacity,
        SliceFault::LowHigh,
        SliceFault::MaxLength,
        SliceFault::MaxCapacity,
        SliceFault::HighMax,
        SliceFault::LowHighMax,
    ];
    let is_negative = index < 0;
    let bounds = match FAULTS[fault as usize] {
        SliceFault::HighLength | SliceFault::HighCapacity if is_negative => format!("[:{index}]"),
        SliceFault::LowHigh if is_negative => format!("[{index}:]"),
        SliceFault::MaxLength | SliceFault::MaxCapacity if is_negative => format!("[::{index}]"),
        SliceFault::HighMax if is_negative => format!("[:{index}:]"),
        SliceFault::LowHighMax if is_negative => format!("[{index}::]"),
        SliceFault::HighLength => format!("[:{index}] with length {limit}"),
        SliceFault::HighCapacity => format!("[:{index}] with capacity {limit}"),
        SliceFault::LowHigh => format!("[{index}:{limit}]"),
        SliceFault::MaxLength => format!("[::{index}] with length {limit}"),
        SliceFault::MaxCapacity => format!("[::{index}] with capacity {limit}"),
        SliceFault::HighMax => format!("[:{index}:{limit}]"),
        SliceFault::LowHighMax => format!("[{index}:{limit}:]"),
    };
    format!("slice bounds out of range {bounds}")
}

/// What compiled code calls. Each panics: the goroutine never returns from it.
pub(crate) mod entries {
    use super::*;
    use crate::entry::Word;

    macro_rules! goroutine {
        ($g:ident) => {
            // SAFETY: the trampoline passes the running goroutine, which this worker owns.
            unsafe { &mut *$g }
        };
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_index(g: *mut Goroutine) {
        let g = goroutine!(g);
        let [index, length] = g.block.results;
        let index = index.cast_signed();
        let value = if index < 0 {
            bounds_error(g, &format!("index out of range [{index}]"))
        } else {
            bounds_error(
                g,
                &format!("index out of range [{index}] with length {length}"),
            )
        };
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_index_unsigned(g: *mut Goroutine) {
        let g = goroutine!(g);
        let [index, length] = g.block.results;
        let value = bounds_error(
            g,
            &format!("index out of range [{index}] with length {length}"),
        );
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_slice(
        g: *mut Goroutine,
        fault: Word,
        index: Word,
        limit: Word,
    ) {
        let g = goroutine!(g);
        let text = slice_text(fault, index.cast_signed(), limit.cast_signed());
        let value = bounds_error(g, &text);
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_divide(g: *mut Goroutine) {
        let g = goroutine!(g);
        let value = error_string(g, "integer divide by zero");
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_shift(g: *mut Goroutine) {
        let g = goroutine!(g);
        let value = error_string(g, "negative shift amount");
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_nil(g: *mut Goroutine) {
        let g = goroutine!(g);
        let value = nil_dereference(g);
        // As the fault it stands for: Go prints the signal too.
        let signal = panic::SignalInfo {
            number: libc::SIGSEGV,
            code: 1,
            address: 0,
        };
        panic::start_fault(g, value, signal);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_nil_map(g: *mut Goroutine) {
        let g = goroutine!(g);
        let value = plain_error(g, "assignment to entry in nil map");
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn panic_slice_convert(
        g: *mut Goroutine,
        length: Word,
        array_length: Word,
    ) {
        let g = goroutine!(g);
        let text = format!(
            "cannot convert slice with length {length} to array or pointer to array with length {array_length}"
        );
        let value = bounds_error(g, &text);
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline; `method` points at a Rust `String`, `main.T.M`.
    pub(crate) unsafe extern "sysv64" fn panic_nil_method(
        g: *mut Goroutine,
        method: *const String,
        _unused: Word,
    ) {
        let g = goroutine!(g);
        // SAFETY: the image keeps the name.
        let method = unsafe { &*method };
        let ty = method.rsplit('.').nth(1).unwrap_or("T");
        let text = format!("value method {method} called using nil *{ty} pointer");
        let value = plain_error(g, &text);
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline, with types of the image.
    pub(crate) unsafe extern "sysv64" fn panic_type_assertion(
        g: *mut Goroutine,
        interface: *const RuntimeType,
        asserted: *const RuntimeType,
        concrete: *const RuntimeType,
        _unused: Word,
    ) {
        let g = goroutine!(g);
        // SAFETY: compiled code passes types of its image.
        let value = unsafe { type_assertion_error(g, interface, asserted, concrete) };
        panic::start(g, value);
    }

    /// # Safety
    /// Called by its trampoline.
    pub(crate) unsafe extern "sysv64" fn unreachable(g: *mut Goroutine) {
        let g = goroutine!(g);
        crate::fatal::throw(
            g,
            "internal error: compiled code that must not run was reached",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slice_faults_have_go_s_words() {
        let text = |fault: SliceFault, index, limit| slice_text(fault as u64, index, limit);
        let prefix = "slice bounds out of range ";
        assert_eq!(
            text(SliceFault::HighCapacity, 5, 3),
            format!("{prefix}[:5] with capacity 3")
        );
        assert_eq!(
            text(SliceFault::HighLength, 5, 3),
            format!("{prefix}[:5] with length 3")
        );
        assert_eq!(text(SliceFault::LowHigh, 4, 2), format!("{prefix}[4:2]"));
        assert_eq!(text(SliceFault::LowHigh, -1, 2), format!("{prefix}[-1:]"));
        assert_eq!(
            text(SliceFault::MaxCapacity, 9, 2),
            format!("{prefix}[::9] with capacity 2")
        );
        assert_eq!(text(SliceFault::HighMax, 9, 2), format!("{prefix}[:9:2]"));
        assert_eq!(
            text(SliceFault::LowHighMax, -9, 2),
            format!("{prefix}[-9::]")
        );
    }
}
