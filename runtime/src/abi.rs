//! What compiled code and the runtime agree on: one place, both sides derive from it.
//!
//! # Registers and stacks
//! r15 holds the address of the running goroutine's [`GoroutineBlock`] in all compiled code; the
//! block does not move while its goroutine lives. A goroutine's control stack holds compiled frames
//! only. Compiled functions use Cranelift's `Tail` convention, keep frame pointers, and begin with
//! a stack check: `rsp` (less the frame's need, for large frames) below `stack_limit` calls
//! `[r15 + GROW_STACK]`, which grows the stack by copying, or yields, and the check runs again.
//!
//! # Calling the runtime
//! Every [`RuntimeFunction`] is reached through a trampoline that switches to the worker thread's own
//! stack (but does short texts first, where it is: see `short`): a `SystemV` call, first argument the goroutine's block,
//! then up to five words. Results are at most two words (rax, rdx). A function marked `collects` or `parks` is a safepoint: its call
//! carries a stack map; **pointer arguments are listed in the caller's map too**, so the runtime
//! need not root them. Functions with the convention `PreserveAll` are called from cold blocks in
//! loops and keep every register. A function that `never_returns` still needs a map: frames above
//! it may have landing pads.
//!
//! Wider data goes through the words that [`GoroutineBlock::arguments`] **points at**: compiled code
//! loads that pointer from the block (again for each use: it changes when the goroutine goes on
//! after a safepoint) and stores the argument words there, with no safepoint between the first
//! store and the call. They are scanned conservatively while the call lasts. Natives (library
//! functions without body) take all their arguments there, flattened (string = pointer, length;
//! slice = pointer, length, capacity; interface = type or itab, data; struct = its fields; array =
//! its elements; integers sign- or zero-extended; float64 and float32 as their bits), and leave
//! their flattened results from word 0 on. Results are read at once after the call, through the
//! pointer loaded *after* the call, before any other safepoint.
//!
//! # Values
//! | Go type | representation |
//! |---|---|
//! | bool, intN, uintN, floatN | the scalar |
//! | string | data pointer, length |
//! | slice | data pointer, length, capacity |
//! | interface | [`RuntimeType`] pointer (no methods) or [`Itab`] pointer, data word |
//! | pointer, map, channel | a pointer |
//! | func | pointer to a closure object: code pointer, then the captures with Go's layout |
//!
//! An interface's data word is the value itself for pointer-shaped types (pointer, map, channel,
//! func, unsafe.Pointer), else a pointer to an immutable box. Code of a closure takes the closure
//! object as an additional *first* parameter; a plain function used as a value gets a shim that
//! drops it. Code in an itab takes the data word as its first parameter. A function may be called with more words than it
//! has parameters, as long as all are in registers (see [`crate::finalizer`]).
//!
//! # Defer, panic, recover
//! A function with `defer` is compiled as two: the *body* (the SSA function, with two more leading
//! parameters' worth of state as codegen needs) and a *wrapper* of the function's own signature that
//! calls the body with `try_call`. `defer_push` records the closure under the wrapper's frame (the
//! saved rbp of the body's frame, relative to the stack's high end). The body's `RunDefers` pops and
//! calls (`defer_pop`) until none is left. When a recovered panic unwinds to the body, the runtime
//! jumps to the wrapper's landing pad, which pops and calls the rest, then returns the result
//! variables. `recover` looks at the frame above: it is valid only if its function (seen through
//! thunks, wrappers and bodies) was called by the runtime's deferred-call stub for the current panic.
//!
//! # Object stack
//! Locals whose address is taken but that do not escape live on a non-moving, segmented stack of
//! the goroutine. A frame there is a header ([`ObjectFrameHeader`]) and zeroed slots; the
//! collector walks headers from `object_frame` down. A function with such a frame loads `object_top`,
//! `object_limit` and `object_frame` at entry, before anything else, bumps `object_top` by a multiple
//! of 16 (cold call of `grow_object_stack` when `object_limit` would be passed; it sets a new top and
//! limit, to be loaded again), and **stores back all three** at every return: the frame may have begun
//! a new segment, and top and limit must always name the same one. A wrapper saves all three at its
//! entry and its landing pad restores them on recovery, before any safepoint.

use std::sync::OnceLock;

use gc::layout::TypeDescriptor;

use crate::map::MapLayout;

/// Words that [`GoroutineBlock::arguments`] points at.
pub const ARGUMENT_WORDS: usize = 64;

/// The part of a goroutine that compiled code reads and writes; r15 points at it.
#[repr(C)]
#[derive(Debug)]
pub struct GoroutineBlock {
    /// Lowest rsp a small frame may have; `u64::MAX` asks for a yield. Written by the owner and, to
    /// preempt, by others (relaxed).
    pub stack_limit: u64,
    /// Address of the growth stub.
    pub grow_stack: u64,
    /// Saved rsp while in the runtime or not running.
    pub saved_sp: u64,
    /// Saved rbp likewise.
    pub saved_fp: u64,
    /// The worker thread's rsp to switch to on runtime calls.
    pub thread_sp: u64,
    /// The running Processor's `gc::cache::Cache`: allocation cells are read through it.
    pub cache: *mut u8,
    /// The heap's `card_table`: a byte for each 512 bytes of memory, by the low 32 bits of the address.
    pub cards: *mut u8,
    /// Collection phase as compiled code tests it (a byte, 0: no barrier).
    pub phase: u8,
    /// Nonzero asks the next poll to call `poll`.
    pub preempt: u8,
    /// Nonzero when the runtime call in progress must not simply return: the trampoline then leaves
    /// to the worker. Of no interest to compiled code.
    pub leave: u8,
    /// Unused.
    pub padding: [u8; 5],
    /// First free byte of the object stack.
    pub object_top: u64,
    /// End of the object stack's current segment.
    pub object_limit: u64,
    /// The topmost object frame's header, 0 if none.
    pub object_frame: u64,
    /// Low end of the control stack.
    pub stack_low: u64,
    /// High end of the control stack.
    pub stack_high: u64,
    /// How many words of `arguments` hold arguments of the call in progress; written by the runtime.
    pub argument_count: u64,
    /// Points at [`ARGUMENT_WORDS`] words of the running worker: arguments and results of natives
    /// and of wide runtime calls.
    pub arguments: *mut u64,
    /// The words a runtime call returns when its goroutine is resumed after having left.
    pub results: [u64; 2],
}

/// Head of a frame on the object stack; `slots` follow.
#[repr(C)]
pub struct ObjectFrameHeader {
    /// The frame below, 0 if none.
    pub previous: u64,
    /// What the slots hold: one element of this type.
    pub descriptor: *const TypeDescriptor,
}

macro_rules! offsets {
    ($($(#[$doc:meta])* $name:ident = $field:ident;)*) => {
        $($(#[$doc])* pub const $name: i32 = std::mem::offset_of!(GoroutineBlock, $field) as i32;)*
    };
}

offsets! {
    /// Offset of `stack_limit`; the prologue relies on 0.
    STACK_LIMIT = stack_limit;
    /// Offset of `grow_stack`; the prologue relies on 8.
    GROW_STACK = grow_stack;
    /// Offset of `saved_sp`.
    SAVED_SP = saved_sp;
    /// Offset of `saved_fp`.
    SAVED_FP = saved_fp;
    /// Offset of `thread_sp`.
    THREAD_SP = thread_sp;
    /// Offset of `cache`.
    CACHE = cache;
    /// Offset of `cards`.
    CARDS = cards;
    /// Offset of `phase`.
    PHASE = phase;
    /// Offset of `preempt`.
    PREEMPT = preempt;
    /// Offset of `object_top`.
    OBJECT_TOP = object_top;
    /// Offset of `object_limit`.
    OBJECT_LIMIT = object_limit;
    /// Offset of `object_frame`.
    OBJECT_FRAME = object_frame;
    /// Offset of `argument_count`.
    ARGUMENT_COUNT = argument_count;
    /// Offset of `leave`.
    LEAVE = leave;
    /// Offset of `results`.
    RESULTS = results;
    /// Offset of `arguments`: of the pointer to the words.
    ARGUMENTS = arguments;
}

const _: () = assert!(STACK_LIMIT == 0 && GROW_STACK == 8);

/// Bytes below `stack_limit` that a frame may use unchecked.
pub const STACK_SLACK_BYTES: u64 = 256;

/// Offset of the number of entries in a map object and of the buffered count in a channel object:
/// `len` of either is this word, or 0 for nil.
pub const COUNT_OFFSET: i32 = 0;
/// Offset of the capacity in a channel object.
pub const CHANNEL_CAPACITY_OFFSET: i32 = 8;

/// Kinds of run-time types, with reflect's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is reflect's kind of that name")]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Array,
    Channel,
    Function,
    Interface,
    Map,
    Pointer,
    Slice,
    String,
    Struct,
    UnsafePointer,
}

/// A Go type at run time. One exists per type of the program, so identity is address equality.
/// Built by the code generator, read by everyone, immutable while the program runs, but for what is worked out when it is
/// first needed.
#[repr(C)]
#[derive(Debug)]
pub struct RuntimeType {
    /// Size of a value in bytes.
    pub size_bytes: u64,
    /// Alignment in bytes.
    pub align_bytes: u32,
    /// Which kind.
    pub kind: Kind,
    /// Whether an interface's data word is the value itself.
    pub is_pointer_shaped: bool,
    /// Whether `==` is defined (interfaces inside may still panic).
    pub is_comparable: bool,
    /// Whether equality and hash are those of the bytes: no padding, floats, strings, interfaces.
    pub is_plain_memory: bool,
    /// What the collector must know of one value.
    pub descriptor: TypeDescriptor,
    /// As reflect's `String` prints it: `main.T`, `[]int`.
    pub name: String,
    /// The import path of a defined type's package; empty otherwise.
    pub package_path: String,
    /// Whether it is a defined (or predeclared) type.
    pub is_named: bool,
    /// Element type of pointer, slice, array, channel, map; null otherwise.
    pub element: *const RuntimeType,
    /// Key type of a map; null otherwise.
    pub key: *const RuntimeType,
    /// `*T`, if the program has that type; null otherwise. Reflection takes addresses with it.
    pub pointer_to: *const RuntimeType,
    /// `[]T`, if the program has that type; null otherwise.
    pub slice_of: *const RuntimeType,
    /// Length of an array.
    pub length: u64,
    /// 1: receive only, 2: send only, 3: both (reflect's `ChanDir`).
    pub channel_direction: u8,
    /// Fields of a struct.
    pub fields: Vec<RuntimeField>,
    /// Parameter types of a function type.
    pub parameters: Vec<*const RuntimeType>,
    /// Result types of a function type.
    pub results: Vec<*const RuntimeType>,
    /// Whether a function type is variadic.
    pub is_variadic: bool,
    /// Methods: of an interface type those it asks for (code is null), of others those that can be
    /// called through interfaces. Sorted by name, then package path.
    pub methods: Vec<RuntimeMethod>,
    /// How maps of a map type are laid out, once one was made: see [`MapLayout::of`].
    pub map_layout: OnceLock<Box<MapLayout>>,
}

/// A field of a struct type.
#[derive(Debug, Clone)]
pub struct RuntimeField {
    /// Its name.
    pub name: String,
    /// The package path if the name is not exported, else empty.
    pub package_path: String,
    /// Its type.
    pub ty: *const RuntimeType,
    /// Its offset in bytes.
    pub offset: u64,
    /// Whether it is embedded.
    pub is_embedded: bool,
    /// Its tag.
    pub tag: String,
}

/// A method of a type.
#[derive(Debug, Clone)]
pub struct RuntimeMethod {
    /// Its name.
    pub name: String,
    /// The package path if the name is not exported, else empty.
    pub package_path: String,
    /// Its function type without receiver: compared by address.
    pub signature: *const RuntimeType,
    /// Code that takes the data word first; null in interface types.
    pub code: *const u8,
}

/// The method table of one concrete type for one interface type; `methods` follow in the
/// interface's order.
#[repr(C)]
#[derive(Debug)]
pub struct Itab {
    /// The interface type.
    pub interface: *const RuntimeType,
    /// The concrete type.
    pub concrete: *const RuntimeType,
}

/// Offset of the concrete type in an itab.
pub const ITAB_CONCRETE: i32 = 8;
/// Offset of the first method's code in an itab.
pub const ITAB_METHODS: i32 = 16;

/// How a runtime function treats registers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convention {
    /// `SystemV`: caller-saved registers are lost.
    Ordinary,
    /// Cranelift's `PreserveAll`: keeps every register but results.
    PreserveAll,
}

/// One function of the runtime that compiled code calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuntimeFunctionInfo {
    /// Its name: the symbol compiled code imports.
    pub name: &'static str,
    /// Words passed after the goroutine's block.
    pub parameters: u8,
    /// Words returned.
    pub results: u8,
    /// Whether the call may collect garbage.
    pub collects: bool,
    /// Whether the goroutine may be parked or yield.
    pub parks: bool,
    /// Whether it ends in a panic or exit always.
    pub never_returns: bool,
    /// Register convention.
    pub convention: Convention,
}

/// Bytes of the buffer that a string or byte slice is made in when it is small and does not escape. gc's is as large, and
/// the capacity of `[]byte(s)` tells.
pub const BUFFER_BYTES: u64 = 32;
/// The same in characters, for `[]rune(s)`.
pub const BUFFER_RUNES: u64 = 32;

/// Calls `$callback!` with the table of all runtime functions:
/// `name(parameters) -> results, [effects], "meaning";`. Effects: `plain` (no safepoint; it may
/// still panic if so described), `short` (as `plain`, and what is short is done on the goroutine's stack), `collects`,
/// `parks` (and collects), `panics` (never returns), `cold_parks` (as `parks`, but keeps all registers), `keeps` (as
/// `plain`, but keeps all registers), `keeps_short` (both).
#[macro_export]
macro_rules! for_each_runtime_function {
    ($callback:path) => {
        $callback! {
            // Allocation. `type` is a RuntimeType pointer throughout.
            allocate(1) -> 1, collects, "type: a zeroed object of that type";
            allocate_array(2) -> 1, collects, "element type, count (in range): zeroed backing store";
            allocate_bytes(1) -> 1, collects, "size: a zeroed object without pointers";
            grow_object_stack(1) -> 0, plain, "size with header: makes `object_top..object_limit` hold it, aligned to 16";
            make_slice(3) -> 1, collects, "element type, len, cap as int64: zeroed store; panics as Go on bad sizes";
            append_grow(5) -> 2, collects, "element type, old pointer, old len, old cap, new len: (pointer, cap); old elements are copied";
            string_concat_two(5) -> 2, collects, "pointer, length, pointer, length, buffer";
            string_concat(2) -> 2, collects, "count, buffer; pointer and length pairs in `arguments`";
            // Safepoints.
            poll(0) -> 0, cold_parks, "yields if asked to, takes part in collections";
            write_barrier(2) -> 0, keeps_short, "address, size: words there are about to be overwritten while the collector marks";
            note_store(2) -> 0, keeps, "address, size: pointers are about to be stored there, more than fit a card";
            // Conversions. A buffer is room for a result that is small, or 0.
            integer_to_string(2) -> 2, collects, "rune, buffer";
            bytes_to_string(3) -> 2, collects, "pointer, length, buffer";
            runes_to_string(3) -> 2, collects, "pointer, length, buffer";
            string_to_bytes(3) -> 2, collects, "pointer, length, buffer: (pointer, capacity)";
            string_to_runes(3) -> 2, collects, "pointer, length, rune buffer: (pointer, length | (capacity - length) << 48)";
            decode_rune(3) -> 2, plain, "pointer, length, index: (rune, width)";
            // Memory, comparison.
            memory_move(3) -> 0, short, "target, source, bytes";
            memory_clear(2) -> 0, plain, "target, bytes";
            memory_equal(3) -> 1, short, "left, right, bytes: 0 or 1";
            string_compare(4) -> 1, short, "left pointer, length, right pointer, length: -1, 0, 1";
            index_byte(3) -> 1, short, "pointer, length, byte: where it is first, or -1";
            index(4) -> 1, plain, "pointer, length, wanted pointer, length: where that is first, or -1";
            values_equal(3) -> 1, plain, "type, left address, right address: 0 or 1; panics on uncomparable dynamic types";
            interface_equal(4) -> 1, plain, "left type, left data, right type, right data (types, not itabs)";
            float_remainder(2) -> 1, plain, "unused by Go, kept for libcalls: bits of x, bits of y";
            // Interfaces.
            find_itab(2) -> 1, plain, "interface type, concrete type: itab, or 0 if a method is missing";
            panic_type_assertion(4) -> 0, panics, "static interface type, asserted type, dynamic type or 0, unused";
            // Maps: `type` is the map type, `key` an address that is not on the control stack.
            map_make(2) -> 1, collects, "type, hint";
            map_make_in(2) -> 0, plain, "type, address of room for a small map (`map::layout::room_descriptor`)";
            map_find(3) -> 2, plain, "type, map, key address: (entry or zero value address, 0 or 1)";
            map_find_word(3) -> 2, plain, "type, map, key (4- and 8-byte plain keys)";
            map_find_string(4) -> 2, plain, "type, map, key pointer, key length";
            map_assign(3) -> 1, collects, "type, map, key address: entry address";
            map_assign_word(3) -> 1, collects, "type, map, key";
            map_assign_string(4) -> 1, collects, "type, map, key pointer, key length";
            map_delete(3) -> 0, plain, "type, map, key address";
            map_clear(2) -> 0, plain, "type, map";
            map_iterate_start(3) -> 0, plain, "type, map, iterator address";
            map_iterate_next(2) -> 2, plain, "type, iterator address: (key address or 0 at the end, entry address)";
            // Channels: addresses of elements are never on the control stack.
            channel_make(2) -> 1, collects, "type, size as int64; panics on bad sizes";
            channel_send(3) -> 0, parks, "type, channel, element address";
            channel_receive(3) -> 1, parks, "type, channel, element address to fill: 0 if closed";
            channel_send_word(3) -> 0, parks, "type, channel, element bits (elements of 1, 2, 4 or 8 bytes)";
            channel_receive_word(2) -> 2, parks, "type, channel: (element bits, 0 if closed)";
            channel_close(1) -> 0, collects, "channel; panics on nil and closed channels";
            select(3) -> 2, parks, "cases address (`SelectCaseRecord`), count, has default: (index or -1, 0 if closed)";
            // Goroutines, defer, panic.
            go_start(2) -> 0, collects, "closure, nil check is ours: `go of nil func value`; site pc is the return address";
            defer_push(1) -> 0, plain, "closure (may be nil: panics when run)";
            defer_pop(1) -> 1, plain, "1 when called by a wrapper, 0 by a body: the next closure of this activation (nil ones panic), 0 if none";
            recover(0) -> 2, plain, "the panic value as `any`, or nil";
            panic_value(2) -> 0, panics, "type, data";
            panic_index(0) -> 0, panics, "index as int64, length, both in `results`: no registers are tied up in loops";
            panic_index_unsigned(0) -> 0, panics, "index as uint64, length, both in `results`";
            panic_slice(3) -> 0, panics, "`SliceFault` code, offending index, limit";
            panic_divide(0) -> 0, panics, "integer divide by zero";
            panic_shift(0) -> 0, panics, "negative shift amount";
            panic_nil(0) -> 0, panics, "nil pointer dereference, where no trap can tell";
            panic_nil_map(0) -> 0, panics, "assignment to entry in nil map";
            panic_slice_convert(2) -> 0, panics, "slice length, array length";
            panic_nil_method(2) -> 0, panics, "pointer to a Rust string naming main.T.M: value method called using nil pointer; unused";
            unreachable(0) -> 0, panics, "compiled code that must not run: an internal error";
            // Natives: what `natives::address` gave, then the number of argument words; see the header.
            call_native(2) -> 0, parks, "native's address, argument words";
            // print and println.
            print_bool(1) -> 0, plain, "value";
            print_int(1) -> 0, plain, "value";
            print_uint(1) -> 0, plain, "value";
            print_float(1) -> 0, plain, "bits of a float64";
            print_float32(1) -> 0, plain, "bits of a float32";
            print_string(2) -> 0, plain, "pointer, length";
            print_pointer(1) -> 0, plain, "address, printed in hexadecimal";
            print_slice(3) -> 0, plain, "pointer, length, capacity";
            print_interface(2) -> 0, plain, "type or itab, data";
            print_flush(0) -> 0, plain, "ends one print or println: what was collected goes to standard error";
        }
    };
}

macro_rules! define_table {
    ($($name:ident($parameters:literal) -> $results:literal, $effect:ident, $meaning:literal;)*) => {
        /// Names one runtime function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(non_camel_case_types, reason = "each variant is the name of a function")]
        #[repr(u16)]
        pub enum RuntimeFunction {
            $(#[doc = $meaning] $name,)*
        }

        impl RuntimeFunction {
            /// All of them, in table order.
            pub const ALL: &'static [RuntimeFunction] = &[$(RuntimeFunction::$name,)*];

            /// Its entry in the table.
            pub fn info(self) -> RuntimeFunctionInfo {
                const TABLE: &[RuntimeFunctionInfo] = &[$(RuntimeFunctionInfo {
                    name: concat!("minigo_", stringify!($name)),
                    parameters: $parameters,
                    results: $results,
                    ..effect(stringify!($effect))
                },)*];
                TABLE[self as usize]
            }
        }
    };
}

const fn effect(name: &str) -> RuntimeFunctionInfo {
    let mut info = RuntimeFunctionInfo {
        name: "",
        parameters: 0,
        results: 0,
        collects: false,
        parks: false,
        never_returns: false,
        convention: Convention::Ordinary,
    };
    // The first letters tell the effects apart; const functions cannot compare strings.
    match name.as_bytes() {
        [b'c', b'o', b'l', b'l', ..] => info.collects = true,
        [b'p', b'a', b'r', ..] => {
            info.collects = true;
            info.parks = true;
        }
        [b'p', b'a', b'n', ..] => {
            info.collects = true;
            info.parks = true;
            info.never_returns = true;
        }
        [b'c', b'o', b'l', b'd', ..] => {
            info.collects = true;
            info.parks = true;
            info.convention = Convention::PreserveAll;
        }
        [b'k', ..] => info.convention = Convention::PreserveAll,
        _ => {}
    }
    info
}

for_each_runtime_function!(define_table);

/// One case of `select` as compiled code lays it out in its object frame.
#[repr(C)]
#[derive(Debug)]
pub struct SelectCaseRecord {
    /// The channel; null never proceeds.
    pub channel: *mut u8,
    /// Where the element to send is, or where a received one goes; not on the control stack.
    pub element: *mut u8,
    /// The channel type.
    pub ty: *const RuntimeType,
    /// 1: send, 0: receive.
    pub is_send: u64,
}

/// Which bound of a slice expression is wrong: decides the panic's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum SliceFault {
    /// `slice bounds out of range [:x] with length y` (strings and arrays)
    HighLength,
    /// `slice bounds out of range [:x] with capacity y`
    HighCapacity,
    /// `slice bounds out of range [x:y]`: low above high
    LowHigh,
    /// `slice bounds out of range [::x] with length y`
    MaxLength,
    /// `slice bounds out of range [::x] with capacity y`
    MaxCapacity,
    /// `slice bounds out of range [:x:y]`: high above max
    HighMax,
    /// `slice bounds out of range [x:y:]`: low above high, with a max
    LowHighMax,
}

/// Trap codes of compiled code (Cranelift user trap codes).
pub mod trap {
    /// A nil pointer was dereferenced.
    pub const NIL: u8 = 1;
    /// Code that must not run: an internal error.
    pub const UNREACHABLE: u8 = 2;
}
