//! Natives called as compiled code calls them: words in, words out, on a goroutine that never runs.

use std::collections::BTreeSet;
use std::path::Path;

use gc::layout::LayoutTable;

use super::{Native, NativeCall, all, names};
use crate::abi::{Kind, RuntimeType};
use crate::equality;
use crate::goroutine::Goroutine;
use crate::image::Image;
use crate::instance::Instance;
use crate::options::Options;
use crate::scheduler::{AfterSwitch, ParkedUnder, Worker};
use crate::test_types::{any, int, scalar, string, structure, words};

/// The names in the first column of the tables: `` | `os.read(fd int, ...) ...` | ``.
fn documented(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../std")
        .join(file);
    let text = std::fs::read_to_string(&path).expect("the contract is part of the repository");
    text.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('('))
        .map(|(name, _)| name.split('[').next().unwrap_or(name).to_owned())
        .filter(|name| name.contains('.') && !name.contains([' ', '`']))
        .collect()
}

#[test]
fn every_documented_native_is_registered_and_no_other() {
    let documented_names = documented("NATIVES.md");
    assert!(documented_names.len() > 100, "the tables were not found");
    let registered: BTreeSet<String> = names().map(str::to_owned).collect();
    assert_eq!(registered, documented_names);
}

#[test]
fn no_name_is_registered_twice() {
    let unique: BTreeSet<&str> = names().collect();
    assert_eq!(unique.len(), names().count());
}

/// A program that does not run, and a goroutine of it.
struct Caller {
    // Before what it points at, so that it goes first.
    g: Box<Goroutine>,
    worker: Box<Worker>,
    instance: Box<Instance>,
    /// Its stack: a return address to nowhere.
    stack: Box<[u64; 2]>,
}

impl Caller {
    fn new() -> Self {
        let types: Box<[RuntimeType]> = Box::new([string(), scalar("uint8", Kind::Uint8, 1)]);
        let known = [
            "runtime.errorString",
            "runtime.plainError",
            "runtime.boundsError",
        ];
        let image = Image {
            entry: std::ptr::null(),
            call_sites: Vec::new(),
            root_slots: Vec::new(),
            handlers: Vec::new(),
            traps: Vec::new(),
            functions: Vec::new(),
            lines: Vec::new(),
            inlined: Vec::new(),
            files: Vec::new(),
            user_file_count: 0,
            itabs: Vec::new(),
            globals: Vec::new(),
            layouts: LayoutTable::new(),
            known_types: known
                .iter()
                .map(|&name| (name, &raw const types[0]))
                .collect(),
            types,
            known_functions: Vec::new(),
            owner: Box::new(()),
        };
        let instance = Instance::new(image, Options::new()).expect("address space");
        let mut worker = Worker::first(&instance);
        let mut g = Goroutine::new(&raw const *instance);
        g.worker = &raw mut *worker;
        // SAFETY: this thread stands for the worker's.
        g.block.cache = (&raw mut *unsafe { worker.processor() }.cache).cast();
        g.block.arguments = worker.arguments.as_mut_ptr();
        let stack = Box::new([0; 2]);
        g.block.saved_sp = stack.as_ptr().expose_provenance() as u64;
        g.block.stack_high = g.block.saved_sp + 16;
        Self {
            g,
            worker,
            instance,
            stack,
        }
    }

    /// Calls a native with argument words; all words afterwards.
    fn call(&mut self, name: &str, arguments: &[u64]) -> Vec<u64> {
        assert_eq!(*self.stack, [0; 2]);
        let native: Native = all().find(|(known, _)| *known == name).expect("a native").1;
        self.worker.arguments = [0xDEAD; crate::abi::ARGUMENT_WORDS];
        self.worker.arguments[..arguments.len()].copy_from_slice(arguments);
        native(&mut NativeCall::new(&mut self.g));
        self.worker.arguments.to_vec()
    }

    /// Calls a native whose results begin with a string.
    fn text(&mut self, name: &str, arguments: &[u64]) -> (String, Vec<u64>) {
        let results = self.call(name, arguments);
        (text_of(results[0], results[1]), results[2..].to_vec())
    }

    /// What the last call wanted done, if it did not simply return.
    fn after(&mut self) -> AfterSwitch {
        std::mem::take(&mut self.worker.after)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        // A timer may have started the monitor.
        self.instance.shut_down();
    }
}

fn text_of(start: u64, length: u64) -> String {
    if length == 0 {
        return String::new();
    }
    // SAFETY: results of a native that gives a string.
    let bytes = unsafe { std::slice::from_raw_parts(start as *const u8, length as usize) };
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn words_of(text: &str) -> [u64; 2] {
    [text.as_ptr() as u64, text.len() as u64]
}

/// The words of an `any` that holds the value.
fn any_of<T>(ty: &RuntimeType, value: &T) -> [u64; 2] {
    [&raw const *ty as u64, &raw const *value as u64]
}

#[test]
#[expect(clippy::float_cmp, reason = "the results are exact")]
fn floats_go_through_strconv_s_natives() {
    let mut caller = Caller::new();
    let results = caller.call("strconv.shortestDecimal", &[0.1_f64.to_bits(), 64]);
    assert_eq!((results[0], results[1] as i64), (1, -1));
    let (digits, rest) = caller.text("strconv.exactDecimal", &[2.5_f64.to_bits(), 1, 1]);
    assert_eq!((digits.as_str(), rest[0] as i64), ("2", 1));
    let [start, length] = words_of("1e22");
    let results = caller.call("strconv.decimalToFloat", &[start, length, 64]);
    assert_eq!(f64::from_bits(results[0]), 1e22);
}

#[test]
fn structs_are_looked_into() {
    let mut caller = Caller::new();
    let (int_type, string_type, any_type) = (int(), string(), any());
    let ty = structure("main.T", &[&int_type, &string_type, &any_type]);
    let [start, length] = words_of("text");
    let inner = 7_u64;
    let value = [
        42,
        start,
        length,
        &raw const int_type as u64,
        &raw const inner as u64,
    ];
    let value = any_of(&ty, &value);
    let field = |index| [value[0], value[1], index];
    assert_eq!(caller.call("internal/reflectlite.Kind", &value)[0], 25);
    assert_eq!(caller.call("internal/reflectlite.NumField", &value)[0], 3);
    assert_eq!(
        caller.text("internal/reflectlite.TypeString", &value).0,
        "main.T"
    );
    assert_eq!(
        caller.text("internal/reflectlite.FieldName", &field(1)).0,
        "f1"
    );
    assert_eq!(
        caller
            .text("internal/reflectlite.FieldTypeString", &field(1))
            .0,
        "string"
    );
    assert_eq!(
        caller.call("internal/reflectlite.FieldFlags", &field(0))[0],
        0
    );
    let first = caller.call("internal/reflectlite.Field", &field(0));
    assert_eq!(first[0], &raw const int_type as u64);
    assert_eq!(caller.call("internal/reflectlite.Int", &first[..2])[0], 42);
    let second = caller.call("internal/reflectlite.Field", &field(1));
    assert_eq!(
        caller.text("internal/reflectlite.String", &second[..2]).0,
        "text"
    );
    // Of a field of interface type, the dynamic value.
    let third = caller.call("internal/reflectlite.Field", &field(2));
    assert_eq!(
        third[..2],
        [&raw const int_type as u64, &raw const inner as u64]
    );
    assert_eq!(caller.call("internal/reflectlite.Comparable", &value)[0], 1);
    let slice = words("[]int", Kind::Slice, 3, &[0]);
    let value = [0, 0, 0, &raw const slice as u64, 0];
    assert_eq!(
        caller.call("internal/reflectlite.Comparable", &any_of(&ty, &value))[0],
        0
    );
    assert_eq!(caller.call("internal/reflectlite.Kind", &[0, 0])[0], 0);
    assert_eq!(caller.call("internal/reflectlite.IsNil", &[0, 0])[0], 1);
}

#[test]
fn slices_are_indexed_swapped_and_checked() {
    let mut caller = Caller::new();
    let int_type = int();
    let ty = RuntimeType {
        element: &raw const int_type,
        ..words("[]int", Kind::Slice, 3, &[0])
    };
    let elements = [10_i64, 20, 30].map(std::cell::Cell::new);
    let value = [elements.as_ptr() as u64, 3, 3];
    let value = any_of(&ty, &value);
    assert_eq!(caller.call("internal/reflectlite.Len", &value)[0], 3);
    assert_eq!(
        caller.text("internal/reflectlite.ElemTypeString", &value).0,
        "int"
    );
    let element = caller.call("internal/reflectlite.Index", &[value[0], value[1], 1]);
    caller.call("internal/reflectlite.Swap", &[value[0], value[1], 0, 2]);
    assert_eq!(elements.each_ref().map(std::cell::Cell::get), [30, 20, 10]);
    // What was boxed is a copy.
    elements[1].set(99);
    assert_eq!(
        caller.call("internal/reflectlite.Int", &element[..2])[0],
        20
    );
    assert_eq!(caller.after(), AfterSwitch::Nothing);
    caller.call("internal/reflectlite.Swap", &[value[0], value[1], 0, 3]);
    assert_eq!(caller.after(), AfterSwitch::AdvancePanic);
    let panic = caller.g.panics.pop().expect("a panic began").value;
    // SAFETY: the value of the error type, which is a string here.
    let text = unsafe { *(panic.data as *const [u64; 2]) };
    assert_eq!(
        text_of(text[0], text[1]),
        "index out of range [3] with length 3"
    );
}

#[test]
#[expect(clippy::float_cmp, reason = "the results are exact")]
fn pointers_are_stored_through_with_the_width_of_their_type() {
    let mut caller = Caller::new();
    let cases = [
        (Kind::Int8, 1, 0xFF),
        (Kind::Int16, 2, 0xFFFF),
        (Kind::Int32, 4, 0xFFFF_FFFF),
        (Kind::Int64, 8, u64::MAX),
    ];
    for (kind, size, expected) in cases {
        let integer = scalar("int", kind, size);
        let pointer = RuntimeType {
            element: &raw const integer,
            ..words("*int", Kind::Pointer, 1, &[0])
        };
        let mut target = 0_u64;
        let value = [&raw const pointer as u64, &raw mut target as u64];
        caller.call(
            "internal/reflectlite.SetInt",
            &[value[0], value[1], -1_i64 as u64],
        );
        assert_eq!(target, expected);
        let read = caller.call("internal/reflectlite.Elem", &value);
        assert_eq!(
            caller.call("internal/reflectlite.Int", &read[..2])[0] as i64,
            -1
        );
    }
    let float = scalar("float32", Kind::Float32, 4);
    let pointer = RuntimeType {
        element: &raw const float,
        ..words("*float32", Kind::Pointer, 1, &[0])
    };
    let mut target = 0.0_f32;
    caller.call(
        "internal/reflectlite.SetFloat",
        &[
            &raw const pointer as u64,
            &raw mut target as u64,
            0.1_f64.to_bits(),
        ],
    );
    assert_eq!(target, 0.1);
    assert_eq!(
        f64::from_bits(caller.call("internal/reflectlite.Float", &any_of(&float, &target))[0]),
        f64::from(0.1_f32)
    );
}

#[test]
fn atomics_extend_as_their_type_and_fault_on_nil() {
    let mut caller = Caller::new();
    let mut small = u32::MAX - 1;
    let address = &raw mut small as u64;
    assert_eq!(
        caller.call("sync/atomic.AddInt32", &[address, 1])[0] as i64,
        -1
    );
    assert_eq!(
        caller.call("sync/atomic.LoadUint32", &[address])[0],
        u64::from(u32::MAX)
    );
    assert_eq!(
        caller.call(
            "sync/atomic.CompareAndSwapInt32",
            &[address, -1_i64 as u64, 5]
        )[0],
        1
    );
    assert_eq!(
        caller.call("sync/atomic.CompareAndSwapUint32", &[address, 6, 7])[0],
        0
    );
    assert_eq!(caller.call("sync/atomic.SwapInt32", &[address, 9])[0], 5);
    assert_eq!(caller.call("sync/atomic.OrUint32", &[address, 6])[0], 9);
    assert_eq!(caller.call("sync/atomic.AndUint32", &[address, 3])[0], 15);
    assert_eq!(small, 3);
    assert_eq!(caller.after(), AfterSwitch::Nothing);
    caller.call("sync/atomic.LoadInt64", &[0]);
    assert_eq!(caller.after(), AfterSwitch::AdvancePanic);
    caller.g.panics.clear();
}

#[test]
fn the_process_is_asked_through_words() {
    let mut caller = Caller::new();
    assert_eq!(
        caller.call("os.processNumber", &[0])[0],
        u64::from(std::process::id())
    );
    let [start, length] = words_of("/nowhere/at/all");
    let results = caller.call("os.open", &[start, length, 0, 0]);
    assert_eq!((results[0] as i64, results[1] as i32), (-1, libc::ENOENT));
    let [start, length] = words_of("with\0nul");
    assert_eq!(
        caller.call("os.unlink", &[start, length])[0] as i32,
        libc::EINVAL
    );
    let ends = caller.call("os.pipe", &[]);
    let [start, length] = words_of("hello");
    assert_eq!(
        caller.call("os.write", &[ends[1], start, length, length])[..2],
        [5, 0]
    );
    let mut buffer = [0_u8; 16];
    let read = caller.call("os.read", &[ends[0], buffer.as_mut_ptr() as u64, 16, 16]);
    assert_eq!((read[0], read[1], &buffer[..5]), (5, 0, &b"hello"[..]));
    for end in &ends[..2] {
        assert_eq!(caller.call("os.closeDescriptor", &[*end])[0], 0);
        assert_eq!(
            caller.call("os.closeDescriptor", &[*end])[0] as i32,
            libc::EBADF
        );
    }
    caller.call("os.exit", &[3]);
    assert_eq!(caller.after(), AfterSwitch::Exit(3));
    let results = caller.call("os.environment", &[]);
    assert_eq!(results[1], std::env::vars_os().count() as u64);
}

#[test]
fn the_collector_answers_and_settings_are_read_back() {
    let mut caller = Caller::new();
    caller.call("runtime.GC", &[]);
    let mut figures = [1_u64; 32];
    caller.call(
        "runtime.memoryStatistics",
        &[figures.as_mut_ptr() as u64, 32, 32],
    );
    assert_eq!((figures[24], figures[25], figures[31]), (1, 1, 0));
    let set =
        |caller: &mut Caller, name: &str, value: i64| caller.call(name, &[value as u64])[0] as i64;
    assert_eq!(set(&mut caller, "runtime/debug.setGCPercent", -1), 100);
    assert_eq!(set(&mut caller, "runtime/debug.setGCPercent", 50), -1);
    assert_eq!(set(&mut caller, "runtime/debug.setGCPercent", 50), 50);
    assert_eq!(
        set(&mut caller, "runtime/debug.setMemoryLimit", 1 << 30),
        i64::MAX
    );
    assert_eq!(
        set(&mut caller, "runtime/debug.setMemoryLimit", -1),
        1 << 30
    );
    assert_eq!(
        set(&mut caller, "runtime/debug.setMaxStack", 1 << 20),
        1_000_000_000
    );
    assert_eq!(
        set(&mut caller, "runtime/debug.setMaxThreads", 1 << 20),
        10_000
    );
    let before = set(&mut caller, "runtime.setProcessors", 3);
    assert!(before > 0 && set(&mut caller, "runtime.setProcessors", 0) == 3);
    assert_eq!(caller.instance.scheduler.stated_count(), 3);
}

#[test]
fn timers_are_queued_and_taken_back() {
    let mut caller = Caller::new();
    let far = caller.call("time.now", &[])[2] + 1_000_000_000_000;
    let id = caller.call("time.startTimer", &[far, 0])[0];
    assert_ne!(id, 0);
    assert_eq!(caller.call("time.stopTimer", &[id])[0], 1);
    assert_eq!(caller.call("time.stopTimer", &[id])[0], 0);
    caller.call("time.Sleep", &[-5_i64 as u64]);
    assert_eq!(caller.after(), AfterSwitch::Nothing);
    caller.call("time.Sleep", &[1]);
    assert!(matches!(
        caller.after(),
        AfterSwitch::Park(ParkedUnder::Timer(_))
    ));
}

#[test]
fn an_entry_s_fault_becomes_a_panic_with_go_s_text() {
    let mut caller = Caller::new();
    let slice = words("[]int", Kind::Slice, 3, &[0]);
    let box_of_slice = [0_u64; 3];
    let g = &raw mut *caller.g;
    let data = box_of_slice.as_ptr().cast();
    // SAFETY: a value of the type, and a goroutine that nobody runs.
    let equal = unsafe {
        equality::entries::interface_equal(g, &raw const slice, data, &raw const slice, data)
    };
    assert_eq!((equal, caller.after()), (0, AfterSwitch::AdvancePanic));
    let panic = caller.g.panics.pop().expect("a panic began").value;
    // SAFETY: the value of the error type, which is a string here.
    let text = unsafe { *(panic.data as *const [u64; 2]) };
    assert_eq!(
        text_of(text[0], text[1]),
        "comparing uncomparable type []int"
    );
}
