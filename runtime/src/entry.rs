//! The way from compiled code into the runtime: a trampoline for every line of the table in [`crate::abi`].
//!
//! # How to add or find an entry
//! The Rust side of runtime function `name` is
//! `pub(crate) unsafe extern "sysv64" fn name(g: *mut Goroutine, ...words) -> Word | Pair | ()` in a module
//! `pub(crate) mod entries` of the file of its subject (`alloc::entries::allocate`, `map::entries::map_find`). The
//! list [`targets`] below imports those modules; the macro finds the function by its name there.
//!
//! # Rules for entries
//! - They run on the worker thread's stack, with the goroutine's context saved: the goroutine is at a safepoint when
//!   the table says `collects` or `parks`, and only then may they collect ([`crate::safepoint::poll`], which must come
//!   before anything is allocated: allocating itself never collects, so fresh objects need no root). A slot that is ready
//!   is taken without asking (see [`crate::alloc`]): while there are some, nothing is due.
//! - They always return normally. To park, yield, panic or end, they leave an action for the worker
//!   ([`Goroutine::leave`] and the functions that use it: `panic::start`, `scheduler::park`, ...) and return anything:
//!   the trampoline sees `block.leave` and, instead of returning to compiled code, saves the callee-saved registers
//!   and goes back to the worker's loop, which performs the action. So no Rust frame is ever jumped over.
//! - What a parked call finally returns is in `block.results`, written by whoever wakes the goroutine.
//!
//! ```text
//!  goroutine's stack                      thread's stack
//!  | compiled frame      |                | Worker::run         |
//!  | return address      | <- saved_sp    | callee-saved        | <- thread_sp, while the goroutine runs
//!  | rbx r12 r13 r14     | (after leave)  | entry (Rust)        |
//! ```

use crate::abi::RuntimeFunction;
#[cfg(doc)]
use crate::goroutine::Goroutine;

/// One word returned to compiled code.
pub type Word = u64;

/// Two words returned to compiled code, in rax and rdx.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair(pub Word, pub Word);

/// Every entry by its name.
mod targets {
    pub(super) use crate::alloc::entries::*;
    pub(super) use crate::barrier::entries::*;
    pub(super) use crate::channel::entries::*;
    pub(super) use crate::defer::entries::*;
    pub(super) use crate::equality::entries::*;
    pub(super) use crate::interface::entries::*;
    pub(super) use crate::map::entries::*;
    pub(super) use crate::memory::entries::*;
    pub(super) use crate::natives::entries::*;
    pub(super) use crate::natives::search_entries::*;
    pub(super) use crate::object_stack::entries::*;
    pub(super) use crate::panic::entries::*;
    pub(super) use crate::print::entries::*;
    pub(super) use crate::runtime_error::entries::*;
    pub(super) use crate::scheduler::entries::*;
    pub(super) use crate::select::entries::*;
    pub(super) use crate::string::entries::*;
}

/// A trampoline that loses caller-saved registers, or for `cold_parks` one that loses none.
macro_rules! define_trampolines {
    ($($name:ident($parameters:literal) -> $results:literal, $effect:ident, $meaning:literal;)*) => {
        mod trampolines {
            $(crate::context::define_trampoline!($effect, $name, super::targets::$name);)*
        }

        /// The address compiled code calls for `function`.
        pub fn address(function: RuntimeFunction) -> *const u8 {
            match function {
                $(RuntimeFunction::$name => trampolines::$name as *const u8,)*
            }
        }
    };
}

crate::for_each_runtime_function!(define_trampolines);
