//! Natives: the functions of the library that have no body in MiniGo.
//!
//! Their contract is `std/NATIVES.md` and `std/NATIVES-2.md`. Each is a Rust function of type [`Native`], listed under
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
mod time;

pub use arguments::{Any, NativeCall};
pub use runtime::StatedLimits;

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
    all().find(|(known, _)| *known == name).map(|(_, native)| native as *const u8)
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
    pub(crate) unsafe extern "sysv64" fn call_native(g: *mut Goroutine, address: *const u8, words: u64) {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::names;

    /// The names in the first column of the tables: `` | `os.read(fd int, ...) ...` | ``.
    fn documented(file: &str) -> BTreeSet<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../std").join(file);
        let text = std::fs::read_to_string(&path).expect("the contract is part of the repository");
        text.lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('('))
            .map(|(name, _)| name.to_owned())
            .filter(|name| name.contains('.') && !name.contains([' ', '`']))
            .collect()
    }

    #[test]
    fn every_documented_native_is_registered_and_no_other() {
        let mut documented_names = documented("NATIVES.md");
        documented_names.extend(documented("NATIVES-2.md"));
        assert!(documented_names.len() > 150, "the tables were not found");
        let registered: BTreeSet<String> = names().map(str::to_owned).collect();
        assert_eq!(registered, documented_names);
    }

    #[test]
    fn no_name_is_registered_twice() {
        let unique: BTreeSet<&str> = names().collect();
        assert_eq!(unique.len(), names().count());
    }
}
