//! The switches between a goroutine's stack and its worker's thread stack: x86-64 assembly, all of it.
//!
//! What must hold:
//! - r15 is the goroutine's block while it runs and in every routine below; Rust keeps it (callee-saved).
//! - While a goroutine runs, `block.thread_sp` is the worker's rsp below the registers that [`enter_return`] and its
//!   kin pushed, aligned to 16: every way out of compiled code starts from there.
//! - A goroutine that does not run compiled code has its rsp and rbp in the block. Below the saved rsp,
//!   [`CALLEE_SAVED_BYTES`] hold rbx and r12 to r14 once it has left; nothing else writes there (signals use an
//!   alternate stack), and the slack below the stack limit always has room for them.
//! - Callee-saved registers and those saved by [`SavedRegisters`] hold pointers only that are also in root slots, but
//!   for the argument registers at a function's entry; those are scanned conservatively (`stack_walk`).
//!
//! A goroutine goes on in one of three ways ([`crate::goroutine::Resume`]): it returns from the runtime call it left,
//! it jumps to an address, or it gets all its registers back.

use std::arch::naked_asm;

use crate::abi::{ARGUMENTS, LEAVE, RESULTS, SAVED_FP, SAVED_SP, THREAD_SP};
use crate::goroutine::Goroutine;

/// Bytes below a left goroutine's saved rsp that hold its callee-saved registers.
pub const CALLEE_SAVED_BYTES: u64 = 32;

/// The registers of a goroutine that was stopped where all of them matter.
#[repr(C, align(16))]
#[derive(Debug, Clone)]
pub struct SavedRegisters {
    /// rax rcx rdx rbx rsi rdi r8 .. r14, in this order, and one unused word.
    pub words: [u64; 14],
    /// xmm0 .. xmm15.
    pub vectors: [[u64; 2]; 16],
}

const _: () = assert!(size_of::<SavedRegisters>() == 368);

/// Lets `g` go on: it returns from the runtime call in which it left, with `block.results`. Returns when it leaves.
///
/// # Safety
/// The calling worker owns `g`, whose saved context is that of a left runtime call; worker, cache and argument
/// pointers of its block are the worker's.
#[unsafe(naked)]
pub unsafe extern "sysv64" fn enter_return(g: *mut Goroutine) {
    naked_asm!(
        "push rbp", "push rbx", "push r12", "push r13", "push r14", "push r15", "sub rsp, 8",
        "mov r15, rdi",
        "mov [r15 + {thread_sp}], rsp",
        "mov rcx, [r15 + {saved_sp}]",
        "mov rbx, [rcx - 8]", "mov r12, [rcx - 16]", "mov r13, [rcx - 24]", "mov r14, [rcx - 32]",
        "mov rax, [r15 + {results}]", "mov rdx, [r15 + {results} + 8]",
        "mov rbp, [r15 + {saved_fp}]",
        "mov rsp, rcx",
        // A `ret` here would be mispredicted: its call was made long ago.
        "pop rcx", "jmp rcx",
        thread_sp = const THREAD_SP, saved_sp = const SAVED_SP, saved_fp = const SAVED_FP, results = const RESULTS,
    )
}

/// Lets `g` go on at `address`, with rsp, rbp, rax and rdx from its block. Returns when it leaves.
///
/// # Safety
/// As [`enter_return`], and `address` is one of the routines below or a landing pad that fits the saved rsp and rbp.
#[unsafe(naked)]
pub unsafe extern "sysv64" fn enter_jump(g: *mut Goroutine, address: *const u8) {
    naked_asm!(
        "push rbp", "push rbx", "push r12", "push r13", "push r14", "push r15", "sub rsp, 8",
        "mov r15, rdi",
        "mov [r15 + {thread_sp}], rsp",
        "mov rax, [r15 + {results}]", "mov rdx, [r15 + {results} + 8]",
        "mov rbp, [r15 + {saved_fp}]",
        "mov rsp, [r15 + {saved_sp}]",
        "jmp rsi",
        thread_sp = const THREAD_SP, saved_sp = const SAVED_SP, saved_fp = const SAVED_FP, results = const RESULTS,
    )
}

/// Lets `g` go on with all its registers, returning to the address at its saved rsp. Returns when it leaves.
///
/// # Safety
/// As [`enter_return`]; `registers` are those it left with.
#[unsafe(naked)]
pub unsafe extern "sysv64" fn enter_registers(g: *mut Goroutine, registers: *const SavedRegisters) {
    naked_asm!(
        "push rbp", "push rbx", "push r12", "push r13", "push r14", "push r15", "sub rsp, 8",
        "mov r15, rdi",
        "mov [r15 + {thread_sp}], rsp",
        "mov rsp, rsi",
        "jmp {restore}",
        thread_sp = const THREAD_SP, restore = sym restore_registers,
    )
}

/// Restores the [`SavedRegisters`] at rsp and returns to compiled code.
#[unsafe(naked)]
unsafe extern "sysv64" fn restore_registers() {
    naked_asm!(
        "movups xmm0, [rsp + 112]", "movups xmm1, [rsp + 128]", "movups xmm2, [rsp + 144]", "movups xmm3, [rsp + 160]",
        "movups xmm4, [rsp + 176]", "movups xmm5, [rsp + 192]", "movups xmm6, [rsp + 208]", "movups xmm7, [rsp + 224]",
        "movups xmm8, [rsp + 240]", "movups xmm9, [rsp + 256]", "movups xmm10, [rsp + 272]", "movups xmm11, [rsp + 288]",
        "movups xmm12, [rsp + 304]", "movups xmm13, [rsp + 320]", "movups xmm14, [rsp + 336]", "movups xmm15, [rsp + 352]",
        "mov rax, [rsp]", "mov rcx, [rsp + 8]", "mov rdx, [rsp + 16]", "mov rbx, [rsp + 24]", "mov rsi, [rsp + 32]",
        "mov rdi, [rsp + 40]", "mov r8, [rsp + 48]", "mov r9, [rsp + 56]", "mov r10, [rsp + 64]", "mov r11, [rsp + 72]",
        "mov r12, [rsp + 80]", "mov r13, [rsp + 88]", "mov r14, [rsp + 96]",
        "mov rbp, [r15 + {saved_fp}]",
        "mov rsp, [r15 + {saved_sp}]",
        "ret",
        saved_sp = const SAVED_SP, saved_fp = const SAVED_FP,
    )
}

/// The assembly that switches to the thread's stack and saves all registers there; rsi is then their address and rdi
/// the goroutine.
macro_rules! save_registers {
    ($target:path) => {
        $crate::context::save_registers!({ "" }, {}, $target)
    };
    ({ $($beginning:tt)* }, { $($operands:tt)* }, $target:path) => {
        std::arch::naked_asm!(
            $($beginning)*,
            "9:",
            "mov [r15 + {saved_sp}], rsp",
            "mov [r15 + {saved_fp}], rbp",
            "mov rsp, [r15 + {thread_sp}]",
            "sub rsp, 368",
            "mov [rsp], rax", "mov [rsp + 8], rcx", "mov [rsp + 16], rdx", "mov [rsp + 24], rbx", "mov [rsp + 32], rsi",
            "mov [rsp + 40], rdi", "mov [rsp + 48], r8", "mov [rsp + 56], r9", "mov [rsp + 64], r10",
            "mov [rsp + 72], r11", "mov [rsp + 80], r12", "mov [rsp + 88], r13", "mov [rsp + 96], r14",
            "movups [rsp + 112], xmm0", "movups [rsp + 128], xmm1", "movups [rsp + 144], xmm2",
            "movups [rsp + 160], xmm3", "movups [rsp + 176], xmm4", "movups [rsp + 192], xmm5",
            "movups [rsp + 208], xmm6", "movups [rsp + 224], xmm7", "movups [rsp + 240], xmm8",
            "movups [rsp + 256], xmm9", "movups [rsp + 272], xmm10", "movups [rsp + 288], xmm11",
            "movups [rsp + 304], xmm12", "movups [rsp + 320], xmm13", "movups [rsp + 336], xmm14",
            "movups [rsp + 352], xmm15",
            "mov rdi, r15",
            "mov rsi, rsp",
            "call {target}",
            "cmp byte ptr [r15 + {leave}], 0",
            "jne {leave_now}",
            "jmp {restore}",
            saved_sp = const $crate::abi::SAVED_SP,
            saved_fp = const $crate::abi::SAVED_FP,
            thread_sp = const $crate::abi::THREAD_SP,
            leave = const $crate::abi::LEAVE,
            target = sym $target,
            leave_now = sym $crate::context::leave,
            restore = sym $crate::context::restore_registers_entry,
            $($operands)*
        )
    };
}

/// Defines the trampoline `$name` to the entry `$target`, by the effect the table gives it. Those that are `short` begin with what
/// [`crate::short`] has under their name.
macro_rules! define_trampoline {
    (keeps, $name:ident, $target:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "sysv64" fn $name() {
            $crate::context::save_registers!($target)
        }
    };
    (keeps_short, $name:ident, $target:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "sysv64" fn $name() {
            $crate::context::save_registers!(
                { $crate::short::$name!() },
                {
                    cache = const $crate::abi::CACHE,
                    log_count = const gc::layout::CACHE_LOG_OFFSET + gc::layout::LOG_COUNT_OFFSET,
                    log_limit = const gc::layout::CACHE_LOG_OFFSET + gc::layout::LOG_LIMIT_OFFSET,
                    log_words = const gc::layout::CACHE_LOG_OFFSET + gc::layout::LOG_WORDS_OFFSET,
                },
                $target
            )
        }
    };
    (cold_parks, $name:ident, $target:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "sysv64" fn $name() {
            $crate::context::save_registers!($target)
        }
    };
    (short, $name:ident, $target:path) => {
        $crate::context::define_trampoline!({ $crate::short::$name!() }, $name, $target);
    };
    ($effect:ident, $name:ident, $target:path) => {
        $crate::context::define_trampoline!({ "" }, $name, $target);
    };
    ({ $($beginning:tt)* }, $name:ident, $target:path) => {
        #[unsafe(naked)]
        pub(super) unsafe extern "sysv64" fn $name() {
            std::arch::naked_asm!(
                $($beginning)*,
                "9:",
                "mov [r15 + {saved_sp}], rsp",
                "mov [r15 + {saved_fp}], rbp",
                "mov rsp, [r15 + {thread_sp}]",
                "call {target}",
                "cmp byte ptr [r15 + {leave}], 0",
                "jne {leave_saving}",
                "mov rsp, [r15 + {saved_sp}]",
                "ret",
                saved_sp = const $crate::abi::SAVED_SP,
                saved_fp = const $crate::abi::SAVED_FP,
                thread_sp = const $crate::abi::THREAD_SP,
                leave = const $crate::abi::LEAVE,
                target = sym $target,
                leave_saving = sym $crate::context::leave_saving,
            )
        }
    };
}

pub(crate) use define_trampoline;
pub(crate) use save_registers;

/// [`restore_registers`], for trampolines.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn restore_registers_entry() {
    naked_asm!("jmp {restore}", restore = sym restore_registers)
}

/// On the thread's stack after a runtime call: saves what the goroutine needs to return from it, and leaves.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn leave_saving() {
    naked_asm!(
        "mov rcx, [r15 + {saved_sp}]",
        "mov [rcx - 8], rbx", "mov [rcx - 16], r12", "mov [rcx - 24], r13", "mov [rcx - 32], r14",
        "jmp {leave}",
        saved_sp = const SAVED_SP, leave = sym leave,
    )
}

/// Goes back to the worker: the call of `enter_*` returns.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn leave() {
    naked_asm!(
        "mov rsp, [r15 + {thread_sp}]",
        "add rsp, 8", "pop r15", "pop r14", "pop r13", "pop r12", "pop rbx", "pop rbp",
        "ret",
        thread_sp = const THREAD_SP,
    )
}

/// What prologues call when the stack limit is passed. All registers are kept: arguments are in them.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn grow_stack() {
    save_registers!(crate::stack::grow_or_yield)
}

/// Where a new goroutine begins: rax is its closure, rsp 16-aligned at the high end of its stack, rbp 0.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn goroutine_start() {
    naked_asm!(
        "mov rdi, rax",
        "lea rcx, [rip + {finish}]",
        "push rcx",
        "jmp [rdi]",
        finish = sym goroutine_finish,
    )
}

/// Where a goroutine's first function returns to.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn goroutine_finish() {
    naked_asm!(
        "mov [r15 + {saved_sp}], rsp",
        "mov [r15 + {saved_fp}], rbp",
        "mov rsp, [r15 + {thread_sp}]",
        "mov rdi, r15",
        "call {target}",
        "jmp {leave}",
        saved_sp = const SAVED_SP, saved_fp = const SAVED_FP, thread_sp = const THREAD_SP,
        target = sym crate::scheduler::goroutine_returned, leave = sym leave,
    )
}

/// Calls the closure in rax on top of a panicking frame: rsp points at the return address into it, rbp is its own.
/// The routine's frame links to it, so that stacks can be walked through.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn deferred_call() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rdi, rax",
        "lea rcx, [rip + {finish}]",
        "push rcx",
        "jmp [rdi]",
        finish = sym deferred_return,
    )
}

/// Where a deferred call made by [`deferred_call`] returns to; `recover` knows the frame by this address.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn deferred_return() {
    naked_asm!(
        "mov [r15 + {saved_sp}], rsp",
        "mov [r15 + {saved_fp}], rbp",
        "mov rsp, [r15 + {thread_sp}]",
        "mov rdi, r15",
        "call {target}",
        "jmp {leave}",
        saved_sp = const SAVED_SP, saved_fp = const SAVED_FP, thread_sp = const THREAD_SP,
        target = sym crate::panic::deferred_call_returned, leave = sym leave,
    )
}

/// Calls `runtime.panicText`, whose code is in the first argument word, with the `any` in rax and rdx; else as
/// [`deferred_call`].
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn text_call() {
    naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "mov rdi, rax",
        "mov rsi, rdx",
        "lea rcx, [rip + {finish}]",
        "push rcx",
        "mov rcx, [r15 + {arguments}]",
        "jmp [rcx]",
        arguments = const ARGUMENTS, finish = sym text_return,
    )
}

/// Where [`text_call`] returns to, with the results of the `Tail` convention in rax, rcx and rdx.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn text_return() {
    naked_asm!(
        "mov [r15 + {saved_sp}], rsp",
        "mov [r15 + {saved_fp}], rbp",
        "mov rsp, [r15 + {thread_sp}]",
        "mov rdi, r15",
        "mov rsi, rax",
        "call {target}", // goroutine, pointer, is text (rdx), length (rcx)
        "jmp {leave}",
        saved_sp = const SAVED_SP, saved_fp = const SAVED_FP, thread_sp = const THREAD_SP,
        target = sym crate::panic::panic_text_returned, leave = sym leave,
    )
}

/// Where the fault handler sends a thread that faulted in compiled code: on the thread's stack, with the arguments of
/// [`crate::trap::fault_raised`] in registers.
#[unsafe(naked)]
pub(crate) unsafe extern "sysv64" fn fault_entry() {
    naked_asm!(
        "call {target}",
        "jmp {leave}",
        target = sym crate::trap::fault_raised, leave = sym leave,
    )
}

const _: () = assert!(LEAVE > 0 && SAVED_SP == 16 && SAVED_FP == 24);
