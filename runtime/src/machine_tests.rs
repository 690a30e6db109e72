//! The runtime under hand-written machine code, which does what the code generator's would.
//!
//! The functions below follow the contract of [`crate::abi`]. What they need (entries, types, channels) they find in the
//! words of their closure, which begins with their own code address.

use std::arch::naked_asm;
use std::sync::OnceLock;

use gc::layout::{LayoutTable, TypeDescriptor};

use crate::abi::{Kind, RuntimeFunction, RuntimeType};
use crate::entry;
use crate::image::{CallSite, CodeRange, FrameKind, Handler, Image};
use crate::instance::Instance;
use crate::options::Options;
use crate::stack_walk::read_word;
use crate::trap;

fn runtime_type(kind: Kind, element: *const RuntimeType) -> RuntimeType {
    RuntimeType {
        size_bytes: 8,
        align_bytes: 8,
        kind,
        is_pointer_shaped: kind == Kind::Channel,
        is_comparable: true,
        is_plain_memory: true,
        descriptor: TypeDescriptor::noscan(8, 8),
        name: "int".to_owned(),
        package_path: String::new(),
        is_named: true,
        element,
        key: std::ptr::null(),
        pointer_to: std::ptr::null(),
        slice_of: std::ptr::null(),
        length: 0,
        channel_direction: 3,
        fields: Vec::new(),
        parameters: Vec::new(),
        results: Vec::new(),
        is_variadic: false,
        methods: Vec::new(),
        map_layout: OnceLock::new(),
    }
}

fn image() -> Image {
    let string = RuntimeType {
        size_bytes: 16,
        descriptor: crate::alloc::string_descriptor(),
        ..runtime_type(Kind::String, std::ptr::null())
    };
    let types: Box<[RuntimeType]> = Box::new([string]);
    let known = [
        "runtime.errorString",
        "runtime.plainError",
        "runtime.boundsError",
    ];
    Image {
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
    }
}

/// Runs a program whose first goroutine calls `closure`.
fn run(image: Image, closure: &[u64]) -> i32 {
    let instance = Instance::new(image, Options::new()).expect("address space");
    let _registration = trap::register(&instance).expect("few programs run");
    let _alternate_stack = trap::use_alternate_stack();
    let address = closure.as_ptr().expose_provenance() as u64;
    let status = crate::run_main(&instance, address);
    instance.shut_down();
    status
}

fn address(function: RuntimeFunction) -> u64 {
    entry::address(function) as u64
}

/// Words: code, `channel_make`, `go_start`, `channel_receive_word`, channel type, child's closure.
#[unsafe(naked)]
unsafe extern "sysv64" fn receiver() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "push r12",
        "mov rbx, rdi",
        "mov rdi, r15",
        "mov rsi, [rbx + 32]",
        "xor edx, edx",
        "call [rbx + 8]",
        "mov r12, rax",
        "mov rsi, [rbx + 40]",
        "mov [rsi + 24], rax",
        "mov rdi, r15",
        "call [rbx + 16]",
        "mov rdi, r15",
        "mov rsi, [rbx + 32]",
        "mov rdx, r12",
        "call [rbx + 24]",
        "mov rsi, [rbx + 40]",
        "mov [rsi + 32], rax",
        "mov [rsi + 40], rdx",
        "pop r12",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

/// Words: code, `channel_send_word`, channel type, channel, received bits, received ok.
#[unsafe(naked)]
unsafe extern "sysv64" fn sender() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rax, [rdi + 8]",
        "mov rsi, [rdi + 16]",
        "mov rdx, [rdi + 24]",
        "mov ecx, 4711",
        "mov rdi, r15",
        "call rax",
        "pop rbp",
        "ret",
    )
}

#[test]
fn a_value_goes_from_goroutine_to_goroutine() {
    let int = runtime_type(Kind::Int, std::ptr::null());
    let channel = runtime_type(Kind::Channel, &raw const int);
    let channel_address = (&raw const channel).expose_provenance() as u64;
    let child: [u64; 6] = [
        sender as *const () as u64,
        address(RuntimeFunction::channel_send_word),
        channel_address,
        0,
        0,
        0,
    ];
    let child_address = (&raw const child).expose_provenance() as u64;
    let main = [
        receiver as *const () as u64,
        address(RuntimeFunction::channel_make),
        address(RuntimeFunction::go_start),
        address(RuntimeFunction::channel_receive_word),
        channel_address,
        child_address,
    ];
    assert_eq!(run(image(), &main), 0);
    // SAFETY: the machine code wrote there.
    let received = unsafe { (read_word(child_address + 32), read_word(child_address + 40)) };
    assert_eq!(received, (4711, 1));
}

/// Words: code, depth; the sum of 1 to depth replaces depth.
#[unsafe(naked)]
unsafe extern "sysv64" fn deep() {
    naked_asm!(
        "push rbp", "mov rbp, rsp", "push rdi", "sub rsp, 8",
        "mov rdi, [rdi + 8]",
        "call {sum}",
        "mov rdi, [rbp - 8]", "mov [rdi + 8], rax",
        "mov rsp, rbp", "pop rbp", "ret",
        sum = sym sum,
    )
}

/// The sum of 1 to rdi in rax, by recursion, with the prologue that compiled functions have.
#[unsafe(naked)]
unsafe extern "sysv64" fn sum() {
    naked_asm!(
        "2:", "cmp rsp, [r15]", "jae 3f", "call [r15 + 8]", "jmp 2b", "3:",
        "push rbp", "mov rbp, rsp", "push rdi", "sub rsp, 8",
        "xor eax, eax", "test rdi, rdi", "jz 4f",
        "dec rdi", "call {sum}", "add rax, [rbp - 8]",
        "4:", "mov rsp, rbp", "pop rbp", "ret",
        sum = sym sum,
    )
}

#[test]
fn stacks_grow_under_deep_recursion() {
    let main: [u64; 2] = [deep as *const () as u64, 1_000_000];
    let address = (&raw const main).expose_provenance() as u64;
    assert_eq!(run(image(), &main), 0);
    // SAFETY: the machine code wrote there.
    assert_eq!(unsafe { read_word(address + 8) }, 500_000_500_000);
}

/// Words: code. Reads from address 8.
#[unsafe(naked)]
unsafe extern "sysv64" fn faulting() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov eax, 8",
        "mov rax, [rax]",
        "pop rbp",
        "ret",
        "ud2"
    )
}

#[test]
fn a_nil_dereference_is_a_panic() {
    let start = faulting as *const () as u64;
    let mut image = image();
    image.functions.push(CodeRange {
        start,
        end: start + 16,
        name: "main.main".to_owned(),
        kind: FrameKind::Shown,
        has_parameters: false,
        position: (0, 1),
    });
    image.traps.push(crate::image::TrapSite {
        address: start + 9,
        code: crate::abi::trap::NIL,
    });
    assert_eq!(run(image, &[start]), 2);
}

/// Words: code, `defer_push`, deferred closure, `panic_value`, `defer_pop`, type. A wrapper with its landing pad: 1 is written
/// to word 6 there.
#[unsafe(naked)]
unsafe extern "sysv64" fn wrapper() {
    naked_asm!(
        "push rbp", "mov rbp, rsp", "push rdi", "sub rsp, 8",
        "call {body}",
        "int3",
        // The pad: begins 1 byte behind the return address.
        "mov rdi, [rbp - 8]", "mov qword ptr [rdi + 48], 1",
        "mov rax, rdi", "mov rdi, r15", "mov esi, 1", "call [rax + 32]",
        "mov rdi, [rbp - 8]", "mov [rdi + 56], rax",
        "mov rsp, rbp", "pop rbp", "ret",
        body = sym body,
    )
}

#[unsafe(naked)]
unsafe extern "sysv64" fn body() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "sub rsp, 8",
        "mov rbx, rdi",
        "mov rdi, r15",
        "mov rsi, [rbx + 16]",
        "call [rbx + 8]",
        "mov rdi, r15",
        "mov rsi, [rbx + 40]",
        "mov edx, 77",
        "call [rbx + 24]",
        "int3",
    )
}

/// Words: code, recover, recovered type, recovered data.
#[unsafe(naked)]
unsafe extern "sysv64" fn recovering() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "push rbx",
        "sub rsp, 8",
        "mov rbx, rdi",
        "mov rdi, r15",
        "call [rbx + 8]",
        "mov [rbx + 16], rax",
        "mov [rbx + 24], rdx",
        "add rsp, 8",
        "pop rbx",
        "pop rbp",
        "ret",
    )
}

#[test]
fn a_deferred_call_recovers_at_the_landing_pad() {
    let deferred: [u64; 4] = [
        recovering as *const () as u64,
        address(RuntimeFunction::recover),
        0,
        0,
    ];
    let deferred_address = (&raw const deferred).expose_provenance() as u64;
    let int = runtime_type(Kind::Int, std::ptr::null());
    let type_address = (&raw const int).expose_provenance() as u64;
    let start = wrapper as *const () as u64;
    let main: [u64; 8] = [
        start,
        address(RuntimeFunction::defer_push),
        deferred_address,
        address(RuntimeFunction::panic_value),
        address(RuntimeFunction::defer_pop),
        type_address,
        0,
        99,
    ];
    let main_address = (&raw const main).expose_provenance() as u64;
    // push, mov, push, sub, call: 1 + 3 + 1 + 4 + 5 bytes.
    let return_address = start + 14;
    let mut image = image();
    image.functions.push(CodeRange {
        start,
        end: start + 64,
        name: "main.main".to_owned(),
        kind: FrameKind::Hidden,
        has_parameters: false,
        position: (0, 1),
    });
    image.call_sites.push(CallSite {
        return_address,
        frame_bytes: 16,
        roots_start: 0,
        roots_count: 0,
        has_handler: true,
    });
    image.handlers.push(Handler {
        return_address,
        landing_pad: return_address + 1,
        frame_bytes: 16,
    });
    assert_eq!(run(image, &main), 0);
    // SAFETY: the machine code wrote there.
    unsafe {
        assert_eq!(read_word(main_address + 48), 1, "the landing pad ran");
        assert_eq!(read_word(main_address + 56), 0, "no deferred call was left");
        assert_eq!(read_word(deferred_address + 16), type_address);
        assert_eq!(read_word(deferred_address + 24), 77);
    }
}
