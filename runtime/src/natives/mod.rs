//! Natives: the functions of the library that have no body.
//!
//! Their contract is `std/NATIVES.md`. Each is a Rust function of type [`Native`], listed under
//! its full name in the table of the file of its package; the code generator asks [`address`] for it and calls it through
//! the runtime function `call_native`, with the arguments flattened to words (see [`crate::abi`]).
//!
//! What must hold:
//! - A native reads all its arguments before it leaves its first result: both live in the same words.
//! - The one safepoint of a native is before it begins, in [`entries::call_native`]: the argument words are roots
//!   there, and what the native allocates later needs no root, because allocating never collects.
//! - A native that parks has no results: the words belong to the worker, and others use them meanwhile.

mod arguments;
mod atomic;
mod math;
mod operating_system;
mod reflection;
mod runtime;
mod strconv;
mod strings;
mod synchronization;
#[cfg(test)]
mod tests;
mod time;

pub use arguments::{Any, NativeCall};
pub use runtime::StatedLimits;
pub(crate) use strings::entries as search_entries;

use crate::goroutine::Goroutine;

/// A native: takes its arguments from the call and leaves its results there.
pub type Native = fn(&mut NativeCall<'_>);

/// The natives of one package, by full name.
type Table = &'static [(&'static str, Native)];

/// All natives.
const TABLES: &[Table] = &[
    atomic::NATIVES,
    math::NATIVES,
    operating_system::NATIVES,
    reflection::NATIVES,
    runtime::NATIVES,
    strconv::NATIVES,
    strings::NATIVES,
    synchronization::NATIVES,
    time::NATIVES,
];

/// What `call_native` is to be given for the native of this full name (`os.write`); `None` if there is none.
pub fn address(name: &str) -> Option<*const u8> {
    all()
        .find(|(known, _)| *known == name)
        .map(|(_, native)| native as *const u8)
}

/// The full names of all natives.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().map(|(name, _)| name)
}

fn all() -> impl Iterator<Item = (&'static str, Native)> {
    TABLES.iter().flat_map(|table| table.iter().copied())
}

/// What compiled code calls.
pub(crate) mod entries {
    use super::{Goroutine, Native, NativeCall};
    use crate::safepoint;

    /// Calls the native at `address`, whose `words` argument words are in place.
    ///
    /// # Safety
    /// Called by its trampoline; `address` is what [`super::address`] gave.
    pub(crate) unsafe extern "sysv64" fn call_native(
        g: *mut Goroutine,
        address: *const u8,
        words: u64,
    ) {
        // SAFETY: the trampoline passes the running goroutine, which this worker owns.
        let g = unsafe { &mut *g };
        g.block.argument_count = words;
        safepoint::poll(g);
        // SAFETY: the caller vouches that it was a `Native` before it became an address.
        let native = unsafe { std::mem::transmute::<*const u8, Native>(address) };
        native(&mut NativeCall::new(g));
        g.block.argument_count = 0;
    }
}
