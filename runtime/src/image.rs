//! A compiled program, ready to run: what the code generator hands to the runtime.
//!
//! Addresses are final. All tables are sorted by address. The image owns what compiled code points
//! at (types, itabs, literals, globals), so it outlives every goroutine.

use crate::abi::{Itab, RuntimeType};
use gc::layout::{LayoutTable, TypeDescriptor};

/// The library package that the runtime takes types and functions from.
pub const SUPPORT_PACKAGE: &str = "runtime";

/// Names of that package that every image has.
pub const SUPPORT_NAMES: &[&str] = &[
    "boundsError",
    "errorString",
    "plainError",
    "TypeAssertionError",
    "PanicNilError",
    "panicText",
];

/// What [`Image::known_types`] lists.
pub const KNOWN_TYPES: &[&str] = &[
    "runtime.boundsError",
    "runtime.errorString",
    "runtime.plainError",
    "runtime.TypeAssertionError",
    "runtime.PanicNilError",
];

/// What [`Image::known_functions`] lists.
pub const KNOWN_FUNCTIONS: &[&str] = &["runtime.panicText"];

/// What is known of one call's return address: a safepoint.
#[derive(Debug, Clone, Copy)]
pub struct CallSite {
    /// The return address.
    pub return_address: u64,
    /// frame pointer - stack pointer of the frame at the call, in bytes.
    pub frame_bytes: u32,
    /// First of the root slots in [`Image::root_slots`].
    pub roots_start: u32,
    /// How many.
    pub roots_count: u16,
    /// Whether a landing pad exists.
    pub has_handler: bool,
}

/// A landing pad: where a recovered panic goes on.
#[derive(Debug, Clone, Copy)]
pub struct Handler {
    /// The return address of the `try_call`.
    pub return_address: u64,
    /// The pad.
    pub landing_pad: u64,
    /// frame pointer - stack pointer of the frame.
    pub frame_bytes: u32,
}

/// A trapping instruction.
#[derive(Debug, Clone, Copy)]
pub struct TrapSite {
    /// Its address.
    pub address: u64,
    /// One of `abi::trap`.
    pub code: u8,
}

/// What a function is, for traces and `recover`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameKind {
    /// Shown in traces.
    Shown,
    /// A thunk, method wrapper, value shim or defer wrapper: not shown, `recover` looks through.
    Hidden,
}

/// The code of one function.
#[derive(Debug, Clone)]
pub struct CodeRange {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// As traces print it.
    pub name: String,
    /// Shown or not.
    pub kind: FrameKind,
    /// Whether a trace must hint at arguments.
    pub has_parameters: bool,
    /// Position of the function itself: (file index, line).
    pub position: (u32, u32),
}

/// From this code address on, up to the next entry, the source position is this.
#[derive(Debug, Clone, Copy)]
pub struct LineEntry {
    /// Code address.
    pub address: u64,
    /// Index in [`Image::files`].
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
    /// Index in [`Image::inlined`], plus one, of the copied function this is in; 0: the function's own code.
    pub inlined: u32,
}

/// A function whose code was copied in the place of a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InlinedFunction {
    /// As traces print it.
    pub name: String,
    /// Whether a trace must hint at arguments.
    pub has_parameters: bool,
    /// Position of the call: (file index, line).
    pub call: (u32, u32),
    /// What the call is in, as in [`LineEntry::inlined`].
    pub outer: u32,
}

/// A region of package variables and its pointers.
#[derive(Debug)]
pub struct GlobalRegion {
    /// Address of the first byte.
    pub start: *mut u8,
    /// Its layout as one value.
    pub descriptor: TypeDescriptor,
}

/// A compiled program.
pub struct Image {
    /// Code address of the entry function (`Tail` convention, no parameters, no results).
    pub entry: *const u8,
    /// Every call site of compiled code, sorted.
    pub call_sites: Vec<CallSite>,
    /// Offsets from the stack pointer of root slots, as `CallSite`s refer to them.
    pub root_slots: Vec<u32>,
    /// Landing pads, sorted by return address.
    pub handlers: Vec<Handler>,
    /// Traps, sorted.
    pub traps: Vec<TrapSite>,
    /// Functions, sorted by start.
    pub functions: Vec<CodeRange>,
    /// Source lines, sorted.
    pub lines: Vec<LineEntry>,
    /// The copied functions that lines are in.
    pub inlined: Vec<InlinedFunction>,
    /// Paths as traces print them.
    pub files: Vec<String>,
    /// How many of the files, the first, are the user's.
    pub user_file_count: usize,
    /// All run-time types; addresses are stable.
    pub types: Box<[RuntimeType]>,
    /// Itabs made at compile time, registered with the runtime's table.
    pub itabs: Vec<*const Itab>,
    /// Package variables.
    pub globals: Vec<GlobalRegion>,
    /// The allocation layouts compiled code uses.
    pub layouts: LayoutTable,
    /// Types the runtime itself makes values of (`error` values of run-time panics): by the name the
    /// runtime knows them under, e.g. `runtime.errorString`. Missing ones are not in the program.
    pub known_types: Vec<(&'static str, *const RuntimeType)>,
    /// Functions the runtime itself calls, by their full name: `runtime.panicText` (`Tail` convention,
    /// `any` in, string and bool out). Missing ones are not in the program.
    pub known_functions: Vec<(&'static str, *const u8)>,
    /// Keeps code, literals, itabs and globals alive.
    pub owner: Box<dyn std::any::Any>,
}
